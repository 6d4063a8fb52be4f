using System.Net.Sockets;
using System.Text;

namespace Naru.Conformance.Tests.Http;

/// <summary>HTTP/1.1 to a port of loopback, a connection a request: nothing that is asked is tidied up on its way.</summary>
/// <param name="said">What the server wrote so far: told when nobody answers.</param>
public sealed class Wire(int port, Func<string> said)
{
    public int Port { get; } = port;

    /// <summary>Sends a request and reads the answer.</summary>
    /// <param name="target">The path with its query, sent as it is.</param>
    /// <param name="headers">As <c>Name: value</c>; Host, Connection and Content-Length are added where they are not given.</param>
    public Answer Send(string method, string target, byte[]? body = null, params string[] headers)
    {
        using var connection = Connect(method, target);
        connection.Write(RequestHead(method, target, body, headers));
        // The answer may come, and the connection end, before all of the body is taken.
        var writing = Task.Run(() => WriteBody(connection, body));
        var bytes = connection.ReadToEnd();
        writing.Wait();
        return new($"{method} {target}", bytes, method == "HEAD");
    }

    public Answer Get(string target, params string[] headers) => Send("GET", target, null, headers);

    public Answer Head(string target, params string[] headers) => Send("HEAD", target, null, headers);

    public Answer Delete(string target, params string[] headers) => Send("DELETE", target, null, headers);

    public Answer Post(string target, byte[]? body = null, params string[] headers) => Send("POST", target, body ?? [], headers);

    public Answer Put(string target, byte[]? body = null, params string[] headers) => Send("PUT", target, body ?? [], headers);

    public Answer Patch(string target, byte[] body, params string[] headers) => Send("PATCH", target, body, headers);

    /// <summary>A request's head, for tests that send its body in a way of their own.</summary>
    public string RequestHead(string method, string target, byte[]? body, params string[] headers)
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        if (!Has(headers, "Host"))
            head.Append($"Host: 127.0.0.1:{Port}\r\n");
        if (!Has(headers, "Connection"))
            head.Append("Connection: close\r\n");
        if (body is not null && !Has(headers, "Content-Length") && !Has(headers, "Transfer-Encoding"))
            head.Append($"Content-Length: {body.Length}\r\n");
        foreach (var header in headers)
            head.Append($"{header}\r\n");
        return head.Append("\r\n").ToString();
    }

    private Connection Connect(string method, string target)
    {
        try
        {
            return new Connection(Port);
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused)
        {
            var last = said();
            throw new IOException($"{method} {target}: nobody listens; the last that was said: {last[Math.Max(0, last.Length - 2000)..]}", refused);
        }
    }

    private static bool Has(string[] headers, string name) => Array.Exists(headers, header => header.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));

    private static void WriteBody(Connection connection, byte[]? body)
    {
        try
        {
            connection.Write(body);
        }
        catch (SocketException)
        {
            // the server has answered already: its answer says whether that was right
        }
    }
}
