using System.Diagnostics;
using System.Text;
using Naru.Base;
using Naru.Linux;
using Naru.Linux.Sockets;

namespace Naru.Runtime.DBus;

/// <summary>A connection to a bus, or to one peer directly: one call at a time, no thread. What comes meanwhile is kept for <see cref="Await"/>.</summary>
internal sealed class DBusConnection : IDisposable
{
    private readonly UnixStream _stream;
    private readonly List<DBusMessage> _signals = [];
    private readonly TimeSpan _patience;
    private byte[] _buffer = new byte[4096];
    private int _used;
    private uint _serial;

    private DBusConnection(UnixStream stream, TimeSpan patience)
    {
        (_stream, _patience) = (stream, patience);
        stream.SetReceiveTimeout(patience);
    }

    /// <summary>Connects and says who is calling: the socket knows the user, nothing secret is said (SASL EXTERNAL).</summary>
    /// <param name="path">The socket.</param>
    /// <param name="patience">How long each answer may take.</param>
    /// <exception cref="LinuxException">ENOENT, ECONNREFUSED: nobody listens.</exception>
    /// <exception cref="NaruException">PermissionDenied: this user is not welcome.</exception>
    public static DBusConnection Open(string path, TimeSpan patience)
    {
        var connection = new DBusConnection(UnixStream.Connect(path), patience);
        try
        {
            connection.Authenticate(path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Calls a method and returns its answer.</summary>
    /// <exception cref="DBusException">It was answered with an error.</exception>
    public DBusMessage Call(string destination, string path, string type, string member, params IReadOnlyList<DBusValue> arguments)
    {
        var body = new DBusWriter();
        foreach (var argument in arguments)
            body.Value(argument);
        var call = new DBusMessage
        {
            Type = DBusMessage.MethodCall,
            Serial = ++_serial,
            Destination = destination,
            Path = path,
            Interface = type,
            Member = member,
            Signature = string.Concat(arguments.Select(argument => argument.Signature)),
            Body = body.Written.ToArray(),
        };
        _stream.Write(call.ToBytes());
        while (true)
        {
            var message = Next(member);
            if (message.Type == DBusMessage.Signal)
                _signals.Add(message);
            if (message.ReplySerial != call.Serial)
                continue;
            if (message.Type == DBusMessage.MethodReturn)
                return message;
            if (message.Type == DBusMessage.Error)
                throw new DBusException(message.ErrorName, message.Signature.StartsWith('s') ? new DBusReader(message.Body).Text() : message.ErrorName);
        }
    }

    /// <summary>The first signal, of those that came already or of those to come, that is wanted; null if none has come after so long.</summary>
    public DBusMessage? Await(Func<DBusMessage, bool> wanted, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            foreach (var signal in _signals)
            {
                if (wanted(signal))
                    return signal;
            }

            _signals.Clear();
            var left = patience - clock.Elapsed;
            if (left <= TimeSpan.Zero)
                return null;
            _stream.SetReceiveTimeout(left);
            try
            {
                if (Next("a signal") is { Type: DBusMessage.Signal } signal)
                    _signals.Add(signal);
            }
            catch (NaruException late) when (late.Kind == ErrorKind.DeadlineExceeded)
            {
                return null;
            }
            finally
            {
                _stream.SetReceiveTimeout(_patience);
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    private void Authenticate(string path)
    {
        // All at once, as sd-bus does: an identity left out is the socket's own, which holds in user namespaces too.
        _stream.Write("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n"u8);
        foreach (var wanted in (ReadOnlySpan<string>)["DATA", "OK"])
        {
            var line = Line(path);
            if (line.Split(' ')[0] != wanted)
                throw new NaruException(ErrorKind.PermissionDenied, $"dbus: {path} does not accept this user: {line}");
        }
    }

    private string Line(string path)
    {
        while (true)
        {
            var end = _buffer.AsSpan(0, _used).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = Encoding.ASCII.GetString(_buffer, 0, end);
                Consume(end + 2);
                return line;
            }

            if (_used > 4096)
                throw new NaruException(ErrorKind.Internal, $"dbus: {path} speaks another protocol");
            Fill("authentication");
        }
    }

    private DBusMessage Next(string what)
    {
        while (true)
        {
            if (DBusMessage.LengthOf(_buffer.AsSpan(0, _used)) is { } length && length <= _used)
            {
                var message = DBusMessage.Parse(_buffer.AsSpan(0, length));
                Consume(length);
                return message;
            }

            Fill(what);
        }
    }

    private void Fill(string what)
    {
        if (_used == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 4);
        try
        {
            var count = _stream.Read(_buffer.AsSpan(_used));
            if (count == 0)
                throw new NaruException(ErrorKind.Unavailable, $"dbus: the connection was closed while waiting for {what}");
            _used += count;
        }
        catch (LinuxException late) when (late.Number == Errno.EAGAIN)
        {
            throw new NaruException(ErrorKind.DeadlineExceeded, $"dbus: no answer while waiting for {what}", late);
        }
    }

    private void Consume(int count)
    {
        _buffer.AsSpan(count, _used - count).CopyTo(_buffer);
        _used -= count;
    }
}
