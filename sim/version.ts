/** The version of the program, which every trace bears. A test holds it against package.json. */
export const VERSION = "0.1.0";
