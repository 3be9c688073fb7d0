/** A file imported as text: SQL and worker sources, so that the bundle has them. */
declare module '*?raw' {
  const text: string;
  export default text;
}
