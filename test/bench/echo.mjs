// The yardstick: the least that Express 5 can do with JSON.
import express from 'express';

const app = express();
app.use(express.json());
app.all('/', (request, response) => response.json(request.body ?? { ok: true }));
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })}\n`);
});
