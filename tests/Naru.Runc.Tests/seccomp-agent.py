"""seccomp-agent.py SOCKET ERRNO COUNT: takes COUNT listeners at SOCKET, prints the state that comes with each, and answers every call that they notify of with ERRNO until the processes are gone."""
import array, fcntl, json, os, select, socket, struct, sys

RECEIVE, SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_RECV, SECCOMP_IOCTL_NOTIF_SEND
path, errno, missing = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen()
print("listening", flush=True)
waiting, listeners = select.poll(), set()
waiting.register(server, select.POLLIN)
while missing or listeners:
    for at, events in waiting.poll(60000) or sys.exit("nobody came"):
        if at == server.fileno():
            connection, _ = server.accept()
            text, control, _, _ = connection.recvmsg(65536, socket.CMSG_SPACE(4))
            listener = array.array("i", control[0][2][:4])[0]
            listeners.add(listener)
            waiting.register(listener, select.POLLIN)
            missing -= 1
            print(json.dumps(json.loads(text)), flush=True)
        elif events & select.POLLIN:
            request = bytearray(80)
            try:
                fcntl.ioctl(at, RECEIVE, request)
                number, = struct.unpack_from("Q", request)
                fcntl.ioctl(at, SEND, struct.pack("QqiI", number, 0, -errno, 0))
            except FileNotFoundError:
                pass  # whoever called is gone
        else:
            waiting.unregister(at)
            listeners.remove(at)
            os.close(at)
