/** The package has no types of its own. */
declare module 'njre' {
  const njre: {
    /** Fetches a Java of this major; it ends in the folder `jre` beside `installPath`. */
    install(version: number, options: { readonly installPath: string }): Promise<string>;
  };
  export default njre;
}
