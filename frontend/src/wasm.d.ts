/** The library of the machine: the builder lays it beside the scripts under a name made of its content (angular.json, `loader`). */
declare module '#crypto.wasm' {
  const address: string;
  export default address;
}
