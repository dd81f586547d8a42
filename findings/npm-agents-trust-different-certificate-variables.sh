#!/usr/bin/env bash
# Four coding agents of npm: two of them trust the authority that SSL_CERT_FILE names, two only NODE_EXTRA_CA_CERTS.
#
# Versions: cline 3.0.65, opencode-ai 1.18.33, @continuedev/cli 1.5.47, @qwen-code/qwen-code 0.24.4, on Linux on x64
# and the Node.js that is on the path, 20 or newer.
#
# Behaviour: all four are installed by npm and started by Node. One would expect that they trust what Node trusts: an
# authority of one's own, as that of a company or of mitmproxy, by NODE_EXTRA_CA_CERTS and by no other variable, since
# SSL_CERT_FILE counts for Node with --use-openssl-ca only. But cline and opencode are programs that bring another
# runtime along: they take NODE_EXTRA_CA_CERTS and, as Python and curl do, SSL_CERT_FILE. The other two refuse the
# connection with it. So what works for one agent in a shell fails for the next one there, and each says only that it
# could not connect or verify.
#
# Output seen (the variables with which a request came):
#     cline: NODE_EXTRA_CA_CERTS SSL_CERT_FILE
#     continue: NODE_EXTRA_CA_CERTS
#     opencode: NODE_EXTRA_CA_CERTS SSL_CERT_FILE
#     qwen: NODE_EXTRA_CA_CERTS
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . cline@3.0.65 opencode-ai@1.18.33 @continuedev/cli@1.5.47 \
  @qwen-code/qwen-code@0.24.4 2>npm.log
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout key.pem -out asked.pem 2>/dev/null
printf 'subjectAltName=IP:127.0.0.1\n' >names
openssl x509 -req -in asked.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out certificate.pem 2>/dev/null

# Writes down AGENT VARIABLE of a path /AGENT/VARIABLE/..., and refuses the request.
cat >server.py <<'PYTHON'
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"] or 0))
        print(*self.path.split("/")[1:3], flush=True)
        body = b'{"error":{"message":"no more","type":"invalid_request_error"}}'
        self.send_response(400)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        pass

context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain("certificate.pem", "key.pem")
server = Server(("127.0.0.1", 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
with open("port", "w") as port:
    port.write(f"{server.server_port}\n")
server.serve_forever()
PYTHON
python3 server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done

# NAME VARIABLE COMMAND...: in an environment with that variable alone
run() {
  local home="$folder/$1/$2" variable="$2"
  shift 2
  (cd "$home" && env -i "PATH=$PATH" "HOME=$home" OPENAI_API_KEY=none CONTINUE_TELEMETRY_ENABLED=0 \
    OPENCODE_DISABLE_AUTOUPDATE=1 OPENCODE_DISABLE_MODELS_FETCH=1 "OPENCODE_CONFIG_CONTENT=${configuration:-{\}}" \
    "$variable=$folder/ca.pem" timeout 60 "$@" </dev/null >>log 2>&1 || true)
}
bin="$folder/node_modules/.bin"
for variable in NODE_EXTRA_CA_CERTS SSL_CERT_FILE; do
  for name in cline opencode continue qwen; do mkdir -p "$name/$variable/.qwen"; done
  url="https://127.0.0.1:$(<port)/NAME/$variable/v1"

  run cline "$variable" "$bin/cline" auth --provider openai-native --apikey none --modelid gpt-5.5 \
    --baseurl "${url/NAME/cline}"
  run cline "$variable" "$bin/cline" "Say done."

  configuration='{"provider":{"openai":{"options":{"baseURL":"'"${url/NAME/opencode}"'","apiKey":"none"}}}}'
  run opencode "$variable" "$bin/opencode" run --model openai/gpt-5.5 "Say done."

  printf '{"name":"a","version":"1.0.0","schema":"v1","models":[{"name":"m","provider":"openai","model":"gpt-5.5",
    "apiBase":"%s","apiKey":"none","roles":["chat"]}]}' "${url/NAME/continue}" >continue/config.json
  run continue "$variable" "$bin/cn" --config "$folder/continue/config.json" --print "Say done."

  printf '{"modelProviders":{"openai":[{"id":"gpt-5.5","name":"m","baseUrl":"%s","envKey":"OPENAI_API_KEY",
    "wireApi":"responses"}]},"security":{"auth":{"selectedType":"openai"}},"model":{"name":"gpt-5.5"}}' \
    "${url/NAME/qwen}" >"qwen/$variable/.qwen/settings.json"
  run qwen "$variable" "$bin/qwen" --prompt "Say done."
done

sort -u seen | awk '$1 != name { printf "%s%s:", (name ? "\n" : ""), $1; name = $1 } { printf " %s", $2 } END { print "" }' >told
cat told
diff - told <<'EXPECTED'
cline: NODE_EXTRA_CA_CERTS SSL_CERT_FILE
continue: NODE_EXTRA_CA_CERTS
opencode: NODE_EXTRA_CA_CERTS SSL_CERT_FILE
qwen: NODE_EXTRA_CA_CERTS
EXPECTED
echo "They trust the authority as described"
