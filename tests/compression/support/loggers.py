"""How loggers write a calm line and lines of trouble: <T> is a time, <N> the number of the line."""

from __future__ import annotations

_MONGO = '{"t":{"$date":"2026-11-23T<T>.123+00:00"},"s":"%s",  "c":"STORAGE",  "id":22943,"msg":"%s","attr":{"n":<N>}}'
_PINO = '{"level":%d,"time":"2026-11-23T<T>.123Z","pid":4120,"hostname":"web-1","msg":"%s","n":<N>}'
_GELF = '{"version":"1.1","host":"web-1","short_message":"%s","time":"2026-11-23T<T>Z","level":%d,"_n":<N>}'
_OTEL = '{"timestamp":"2026-11-23T<T>Z","severityNumber":%d,"body":"%s","attributes":{"n":<N>}}'
_GCP = '{"severity":"%s","timestamp":"2026-11-23T<T>Z","message":"%s","n":<N>}'
_JOURNAL = '{"__REALTIME_TIMESTAMP":"2026-11-23T<T>","PRIORITY":"%d","_PID":"812","MESSAGE":"%s <N>"}'
_CISCO = "Nov 23 <T> sw1 <N>: %%SYS-%d-%s: unit <M> of slot <N>"
_LOGSTASH = '{"@timestamp":"2026-11-23T<T>Z","level_value":%d,"logger_name":"a.B","message":"%s","n":<N>}'

# logger: its calm line, then lines that must stay
LOGGERS: dict[str, tuple[str, ...]] = {
    "Serilog": ("[<T> INF] request <N> took <M> ms", "[<T> WRN] volume <N> at 9<M>", "[<T> FTL] volume <N> ended"),
    "Serilog, small": ("[<T> inf] request <N> took <M> ms", "[<T> wrn] volume <N>", "[<T> ftl] volume <N> ended"),
    "zerolog": (
        "2026-11-23T<T>Z INF served id=<N>",
        "2026-11-23T<T>Z WRN disk id=<N>",
        "2026-11-23T<T>Z PNC disk id=<N>",
    ),
    "log15": ("INFO[11-23|<T>] served id=<N> ms=<M>", "EROR[11-23|<T>] disk id=<N>", "CRIT[11-23|<T>] disk id=<N>"),
    "log15, logfmt": (
        "t=2026-11-23T<T>+0000 lvl=info msg=served id=<N>",
        "t=2026-11-23T<T>+0000 lvl=eror msg=disk id=<N>",
    ),
    "logrus": (
        'time="2026-11-23T<T>Z" level=info msg=served n=<N>',
        'time="2026-11-23T<T>Z" level=panic msg=disk n=<N>',
    ),
    "logrus, terminal": (
        "INFO[2026-11-23T<T>Z] served n=<N>",
        "ERRO[2026-11-23T<T>Z] disk n=<N>",
        "FATA[2026-11-23T<T>Z] disk n=<N>",
    ),
    "charm": ("2026/11/23 <T> INFO served n=<N>", "2026/11/23 <T> FATA disk n=<N>", "2026/11/23 <T> ERRO disk n=<N>"),
    "slog": ("time=2026-11-23T<T>Z level=INFO msg=served n=<N>", "time=2026-11-23T<T>Z level=WARN+2 msg=disk n=<N>"),
    "zap": (
        "2026-11-23T<T>Z\tinfo\tshop/main.go:12\tserved\t<N>",
        "2026-11-23T<T>Z\tdpanic\tshop/main.go:12\tdisk\t<N>",
    ),
    "MongoDB": (_MONGO % ("I", "served"), _MONGO % ("W", "disk"), _MONGO % ("E", "disk"), _MONGO % ("F", "disk")),
    "MongoDB 4.2": (
        "2026-11-23T<T>.123+0000 I NETWORK  [conn<N>] served <M>",
        "2026-11-23T<T>.123+0000 F STORAGE  [conn<N>] disk <M>",
    ),
    "pino": (_PINO % (30, "served"), _PINO % (40, "disk"), _PINO % (60, "disk")),
    "GELF": (_GELF % ("served", 6), _GELF % ("disk", 4), _GELF % ("disk", 0)),
    "winston, syslog": (
        "2026-11-23T<T>Z info: served <N>",
        "2026-11-23T<T>Z warning: disk <N>",
        "2026-11-23T<T>Z emerg: disk <N>",
    ),
    "syslog": (
        "<30>Nov 23 <T> host app[12]: served <N>",
        "<27>Nov 23 <T> host app[12]: volume <N>",
        "<8>Nov 23 <T> host app[12]: volume <N>",
    ),
    "syslog, RFC 5424": (
        "<165>1 2026-11-23T<T>Z host app 12 - - served <N>",
        "<164>1 2026-11-23T<T>Z host app 12 - - volume <N>",
    ),
    "syslog, names": (
        "Nov 23 <T> host daemon.info app[12]: served <N>",
        "Nov 23 <T> host daemon.err app[12]: volume <N>",
    ),
    "journald": (_JOURNAL % (6, "served"), _JOURNAL % (4, "volume"), _JOURNAL % (2, "volume")),
    "Cisco": (_CISCO % (6, "UP"), _CISCO % (3, "FAN"), _CISCO % (4, "FAN")),
    "Redis": ("1:M 23 Nov 2026 <T>.123 * served <N> keys", "1:M 23 Nov 2026 <T>.123 # replica <N> away"),
    "klog": (
        "I1123 <T>.123456       1 reflector.go:147] served <N>",
        "E1123 <T>.123456       1 reflector.go:147] volume <N>",
    ),
    "glog 0.5": ("I20261123 <T>.123456 12 a.cc:14] served <N>", "F20261123 <T>.123456 12 a.cc:14] volume <N>"),
    "tornado": (
        "[I 261123 <T> web:2348] served <N> in <M>ms",
        "[W 261123 <T> web:2348] volume <N>",
        "[C 261123 <T> web:2348] volume <N>",
    ),
    "logcat": ("11-23 <T>.123  4120  4131 I Activity: served <N>", "11-23 <T>.123  4120  4131 W Activity: volume <N>"),
    "logcat, time": ("11-23 <T>.123 D/Shop( 4120): served <N>", "11-23 <T>.123 E/Shop( 4120): volume <N>"),
    "log4j": ("2026-11-23 <T>,123 INFO  [main] a.B - served <N>", "2026-11-23 <T>,123 FATAL [main] a.B - volume <N>"),
    "java.util.logging": (
        "23-Nov-2026 <T>.123 INFO [main] a.B served <N>",
        "23-Nov-2026 <T>.123 SEVERE [main] a.B volume <N>",
    ),
    "logstash": (_LOGSTASH % (20000, "served"), _LOGSTASH % (40000, "volume")),
    "python": ("2026-11-23 <T>,123 - shop - INFO - served <N>", "2026-11-23 <T>,123 - shop - CRITICAL - volume <N>"),
    "python, JSON": (
        '{"asctime":"2026-11-23 <T>","levelno":20,"message":"served <N>"}',
        '{"asctime":"2026-11-23 <T>","levelno":30,"message":"volume <N>"}',
    ),
    "loguru": (
        "2026-11-23 <T>.123 | SUCCESS  | a:b:12 - served <N>",
        "2026-11-23 <T>.123 | WARNING  | a:b:12 - volume <N>",
    ),
    ".NET": (
        "<T> info: Shop.Orders[0] served <N>",
        "<T> fail: Shop.Orders[0] volume <N>",
        "<T> crit: Shop.Orders[0] volume <N>",
    ),
    "NLog": ("2026-11-23 <T>.1234|INFO|Shop.Orders|served <N>", "2026-11-23 <T>.1234|FATAL|Shop.Orders|volume <N>"),
    "Ruby": ("I, [2026-11-23T<T>.123 #12]  INFO -- : served <N>", "W, [2026-11-23T<T>.123 #12]  WARN -- : volume <N>"),
    "Ruby, letters": ("I, [2026-11-23T<T>.123 #12] -- : served <N>", "E, [2026-11-23T<T>.123 #12] -- : volume <N>"),
    "nginx": ("2026/11/23 <T> [notice] 12#12: served <N>", "2026/11/23 <T> [emerg] 12#12: volume <N>"),
    "Apache": (
        "[Mon Nov 23 <T>.123 2026] [core:notice] [pid 12] served <N>",
        "[Mon Nov 23 <T>.123 2026] [core:crit] [pid 12] volume <N>",
    ),
    "Postgres": ("2026-11-23 <T>.123 UTC [12] LOG:  served <N>", "2026-11-23 <T>.123 UTC [12] PANIC:  volume <N>"),
    "MySQL": (
        "2026-11-23T<T>.123Z 0 [System] [MY-010931] served <N>",
        "2026-11-23T<T>.123Z 0 [Warning] [MY-010068] volume <N>",
    ),
    "Elixir": ("<T>.123 [info] served <N> in <M>ms", "<T>.123 [error] volume <N>", "<T>.123 [critical] volume <N>"),
    "RabbitMQ": (
        "2026-11-23 <T>.123+00:00 [info] <0.222.0> served <N>",
        "2026-11-23 <T>.123+00:00 [erro] <0.222.0> volume <N>",
    ),
    "env_logger": (
        "[2026-11-23T<T>Z INFO  shop::orders] served <N>",
        "[2026-11-23T<T>Z WARN  shop::orders] volume <N>",
    ),
    "tracing": (
        "2026-11-23T<T>.123456Z  INFO shop::orders: served n=<N>",
        "2026-11-23T<T>.123456Z ERROR shop::orders: volume n=<N>",
    ),
    "slog-term": (
        "Nov 23 <T>.123 INFO served, n: <N>",
        "Nov 23 <T>.123 ERRO volume, n: <N>",
        "Nov 23 <T>.123 CRIT volume, n: <N>",
    ),
    "OpenTelemetry": (_OTEL % (9, "served"), _OTEL % (13, "volume"), _OTEL % (21, "volume")),
    "Google Cloud": (_GCP % ("INFO", "served"), _GCP % ("ALERT", "volume"), _GCP % ("EMERGENCY", "volume")),
    "ECS": (
        '{"@timestamp":"2026-11-23T<T>Z","log.level":"info","message":"served <N>"}',
        '{"@timestamp":"2026-11-23T<T>Z","log.level":"fatal","message":"volume <N>"}',
    ),
    "CLEF": (
        '{"@t":"2026-11-23T<T>Z","@l":"Debug","@m":"served <N>"}',
        '{"@t":"2026-11-23T<T>Z","@l":"Fatal","@m":"volume <N>"}',
    ),
    "npm": ("2026-11-23T<T>Z npm info run shop@<N> served", "2026-11-23T<T>Z npm ERR! volume <N>"),
    "Telegraf": (
        "2026-11-23T<T>Z I! [inputs.cpu] served <N>",
        "2026-11-23T<T>Z E! [inputs.cpu] volume <N>",
        "2026-11-23T<T>Z W! [inputs.cpu] volume <N>",
    ),
    "Open vSwitch": ("2026-11-23T<T>.123Z|00<N>|bridge|INFO|served", "2026-11-23T<T>.123Z|00<N>|bridge|EMER|volume"),
    "Ceph": ("2026-11-23T<T>.123 mon.a [INF] served <N>", "2026-11-23T<T>.123 mon.a [WRN] volume <N>"),
    "Chronicles": ("INF 2026-11-23 <T>.123Z served n=<N>", "FAT 2026-11-23 <T>.123Z volume n=<N>"),
    "Envoy": ("[2026-11-23 <T>.123][12][info][main] served <N>", "[2026-11-23 <T>.123][12][critical][main] volume <N>"),
    "Minecraft": ("[<T>] [Server thread/INFO]: served <N>", "[<T>] [Server thread/WARN]: volume <N>"),
    "CRI": ("2026-11-23T<T>.123Z stdout F INFO served <N>", "2026-11-23T<T>.123Z stderr F ERROR volume <N>"),
    "docker compose": ("web-1  | 2026-11-23 <T> INFO served <N>", "web-1  | 2026-11-23 <T> FATAL volume <N>"),
    "a level of its own": ("2026-11-23 <T> INFO served <N>", "2026-11-23 <T> MAYDAY volume <N>"),
    "a number of its own": ("2026-11-23 <T> level=200 served <N>", "2026-11-23 <T> level=900 volume <N>"),
    "a logger of its own": ("2026-11-23 <T> RUHIG served <N>", "2026-11-23 <T> SCHLIMM volume <N>"),
    "signs of its own": ("2026-11-23 <T> + served <N>", "2026-11-23 <T> ! volume <N>"),
    "letters of its own": ("2026-11-23 <T> [Q] served <N>", "2026-11-23 <T> [X] volume <N>"),
}
