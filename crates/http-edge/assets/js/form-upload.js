// Sends a file. Only XMLHttpRequest tells how much of a request is sent.

/** Resolves to `{status, body}`; `progress` hears of the share that is sent, 0 to 1. */
export function upload(file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/images");
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.loaded / (event.total || 1));
    request.onload = () => resolve({ status: request.status, body: request.response });
    request.onerror = reject;
    request.onabort = reject;
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}
