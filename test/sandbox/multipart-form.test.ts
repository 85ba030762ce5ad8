import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMultipartForm } from "../../src/sandbox/webex/multipart-form.ts";

const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });

test("all fields and files of a form are read, whatever their bytes and names", async () => {
  await fc.assert(
    fc.asyncProperty(word, fc.string({ unit: "binary" }), word, fc.uint8Array(), async (name, text, file, bytes) => {
      const form = new FormData();
      form.append(name, text);
      form.append("files", new Blob([bytes], { type: "text/csv" }), file);
      const request = new Request("http://sandbox/", { method: "POST", body: form });
      const contentType = request.headers.get("content-type") ?? "";
      const [field, upload, ...more] = parseMultipartForm(Buffer.from(await request.arrayBuffer()), contentType);
      expect(more).toEqual([]);
      expect(field).toMatchObject({ filename: undefined });
      expect(upload).toMatchObject({ name: "files", filename: file, contentType: "text/csv" });
      expect(Buffer.from(upload?.bytes ?? []).equals(bytes)).toBe(true);
    }),
  );
});

test("a boundary may be quoted, and lines before the first part are ignored", () => {
  const body = Buffer.from(
    'hello\r\n--a b\r\ncontent-disposition: form-data; name=text\r\n\r\nhi\r\n--a b\r\nContent-Disposition: form-data; name="empty"\r\n\r\n\r\n--a b--\r\n',
  );
  const parts = parseMultipartForm(body, 'multipart/form-data; boundary="a b"');
  expect(parts.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
    ["text", "hi"],
    ["empty", ""],
  ]);
});
