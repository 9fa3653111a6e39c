/** The part of seedrandom that is used: one algorithm, which never seeds itself from the machine. */
declare module "seedrandom/lib/alea.js" {
  export interface AleaState {
    readonly c: number;
    readonly s0: number;
    readonly s1: number;
    readonly s2: number;
  }
  export interface Alea {
    /** From 0 up to, and without, 1, with 32 random bits. */
    (): number;
    /** The same with 53 random bits, from two draws. */
    double(): number;
    state(): AleaState;
  }
  export default function alea(seed: string, options: { readonly state: true | AleaState }): Alea;
}
