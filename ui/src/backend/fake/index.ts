export function fakeFromAddressBar(): never {
  throw new Error("todo");
}
