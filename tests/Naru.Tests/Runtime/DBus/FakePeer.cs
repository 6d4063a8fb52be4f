using System.Net.Sockets;
using System.Text;
using Naru.Runtime.DBus;

namespace Naru.Tests.Runtime.DBus;

/// <summary>The other end of a D-Bus connection: answers calls by what a test says, on a socket of its own.</summary>
internal sealed class FakePeer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _folder = Directory.CreateTempSubdirectory("naru-dbus").FullName;
    private readonly Thread _thread;

    /// <param name="answer">What is sent after a call, in order.</param>
    /// <param name="welcome">The answer to the authentication.</param>
    public FakePeer(Func<DBusMessage, IEnumerable<DBusMessage>> answer, string welcome = "DATA\r\nOK 0123456789abcdef\r\n")
    {
        Path = System.IO.Path.Combine(_folder, "socket");
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _thread = new Thread(() => Serve(answer, welcome)) { IsBackground = true };
        _thread.Start();
    }

    public string Path { get; }

    public List<DBusMessage> Calls { get; } = [];

    /// <summary>What the client said to be let in.</summary>
    public string Greeting { get; private set; } = "";

    public static DBusMessage Answer(DBusMessage call, params DBusValue[] values) => Message(DBusMessage.MethodReturn, call.Serial, values);

    public static DBusMessage Refusal(DBusMessage call, string name, string text) => Message(DBusMessage.Error, call.Serial, [DBusValue.Of(text)]) with { ErrorName = name };

    public static DBusMessage Signal(string member, params DBusValue[] values) =>
        Message(DBusMessage.Signal, 0, values) with { Path = "/org/freedesktop/systemd1", Interface = "org.freedesktop.systemd1.Manager", Member = member };

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join(TimeSpan.FromSeconds(5));
        Directory.Delete(_folder, recursive: true);
    }

    private static DBusMessage Message(byte type, uint reply, DBusValue[] values)
    {
        var body = new DBusWriter();
        foreach (var value in values)
            body.Value(value);
        return new DBusMessage { Type = type, Serial = 99, ReplySerial = reply, Signature = string.Concat(values.Select(value => value.Signature)), Body = body.Written.ToArray() };
    }

    private void Serve(Func<DBusMessage, IEnumerable<DBusMessage>> answer, string welcome)
    {
        try
        {
            using var socket = _listener.Accept();
            using var stream = new NetworkStream(socket);
            var buffer = new List<byte>();
            while (!Encoding.Latin1.GetString([.. buffer]).Contains("BEGIN\r\n"))
                buffer.Add((byte)stream.ReadByte());
            Greeting = Encoding.Latin1.GetString([.. buffer]);
            stream.Write(Encoding.ASCII.GetBytes(welcome));
            buffer.Clear();
            for (int next; (next = stream.ReadByte()) >= 0;)
            {
                buffer.Add((byte)next);
                if (DBusMessage.LengthOf([.. buffer]) != buffer.Count)
                    continue;
                var call = DBusMessage.Parse([.. buffer]);
                buffer.Clear();
                Calls.Add(call);
                foreach (var message in answer(call))
                    stream.Write(message.ToBytes());
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException)
        {
            // The client has gone, or the test is over.
        }
    }
}
