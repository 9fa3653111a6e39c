/** Lists of numbers on typed arrays that grow: an object or a boxed number each would be too much for millions. */
abstract class Numbers<Data extends Int32Array | Float64Array> {
  data: Data;
  length = 0;

  constructor(data: Data) {
    this.data = data;
  }

  protected abstract grown(): Data;

  /** The position at which it stands now. */
  push(value: number): number {
    if (this.length === this.data.length) this.data = this.grown();
    this.data[this.length] = value;
    return this.length++;
  }

  at(index: number): number {
    return this.data[index]!;
  }

  set(index: number, value: number): void {
    this.data[index] = value;
  }
}

/** Whole numbers of 32 bits. */
export class Ints extends Numbers<Int32Array> {
  constructor() {
    super(new Int32Array(64));
  }

  protected override grown(): Int32Array {
    const data = new Int32Array(this.data.length * 2);
    data.set(this.data);
    return data;
  }
}

/** Any numbers. */
export class Doubles extends Numbers<Float64Array> {
  constructor() {
    super(new Float64Array(64));
  }

  protected override grown(): Float64Array {
    const data = new Float64Array(this.data.length * 2);
    data.set(this.data);
    return data;
  }
}
