/** The program of the README, which the bundlers find here. */
export declare function story(): Promise<void>;
