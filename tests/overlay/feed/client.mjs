// Speaks the feed from another language: prints every message as a line, sends the commands it was given once the
// state has come, and leaves after `call_ended`. Usage: node client.mjs PORT TOKEN [COMMAND...]
import WebSocket from "ws";

const [port, token, ...commands] = process.argv.slice(2);
const feed = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { Authorization: `Bearer ${token}` } });

feed.on("message", (data) => {
  const message = JSON.parse(data.toString());
  console.log(JSON.stringify(message));
  if (message.type === "state") commands.forEach((command) => feed.send(command));
  if (message.type === "call_ended") feed.close();
});
feed.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
