using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Naru.Chain.Tests;

/// <summary>Clients that send or take next to nothing: each is cut off in time, and the others are served meanwhile.</summary>
public sealed class HubSlowClientTests : IDisposable
{
    private const int Idle = 500;
    private const int Slow = 10;

    /// <summary>More than the systems at both ends hold for a connection.</summary>
    private const int Large = 48 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly TempFolder _folder = new();
    private readonly Hub _hub;
    private readonly HttpClient _http = new();
    private readonly List<Socket> _sockets = [];

    public HubSlowClientTests() => _hub = Hub.Serving(_folder["data"], "--open", "--client-timeout", "2s");

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
        _http.Dispose();
        _hub.Dispose();
        _folder.Dispose();
    }

    [ChainFact]
    public async Task Slow_clients_are_cut_off_and_others_are_served_meanwhile()
    {
        using var pusher = new HubPusher();
        Assert.True(await pusher.Push([_hub.Host], "team/app", "1", 1));
        var large = await PushLarge();
        var before = Connections();
        for (var i = 0; i < Idle; i++)
            Connect();
        List<Task> slow = [];
        for (var i = 0; i < Slow; i++)
        {
            slow.Add(CutOff(SendsSlowly("GET /v2/ HTTP/1.1\r\nHost: hub\r\nX-Long: ".PadRight(2000, 'x'), 0)));
            var upload = await Upload();
            var head = $"PATCH {upload} HTTP/1.1\r\nHost: hub\r\nContent-Length: 4000000\r\n\r\n";
            slow.Add(CutOff(SendsSlowly(head + new string('x', 1000), head.Length)));

            // What came fast does not buy the time to be silent.
            head = $"PATCH {await Upload()} HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n";
            slow.Add(CutOff(SendsSlowly(head + new string('x', 0x100000 - 1), head.Length + 0x100000 - 2000)));
        }

        // Readers: of the whole blob, which the kernel sends, and of a part, which the program does.
        for (var i = 0; i < Slow; i++)
            await Request($"GET /v2/team/app/blobs/{large} HTTP/1.1\r\nHost: hub\r\n{(i % 2 == 0 ? "" : $"Range: bytes=1-{Large - 2}\r\n")}\r\n");
        Assert.True(Connections() - before >= Idle + Slow, $"{Connections()} connections");
        var longest = TimeSpan.Zero;
        var most = 0L;
        var cut = Task.WhenAll(slow);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(3) || !cut.IsCompleted;)
        {
            var begun = clock.Elapsed;
            await pusher.ReadAll(_hub.Host);
            longest = clock.Elapsed - begun > longest ? clock.Elapsed - begun : longest;
            most = Math.Max(most, Memory());
            await Task.Delay(50);
        }

        await cut;
        Assert.True(longest < TimeSpan.FromSeconds(10), $"a pull took {longest.TotalSeconds} s");
        Assert.True(most < 150_000, $"{most} kB resident");
        Command.Until(() => Connections() - before <= Idle + 5, $"the slow readers to be cut off: {Connections() - before} connections", 15);
        Assert.True(await pusher.Push([_hub.Host], "team/app", "2", 2));
    }

    [ChainFact]
    public async Task A_client_that_takes_its_time_but_moves_gets_all()
    {
        var large = await PushLarge();
        foreach (var (range, size) in new Dictionary<string, int> { [""] = Large, [$"Range: bytes=1-{Large - 2}\r\n"] = Large - 2 })
        {
            var socket = await Request($"GET /v2/team/app/blobs/{large} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n{range}\r\n");
            var buffer = new byte[1 << 20];
            long got = 0;
            for (int count, slow = 6; (count = await socket.ReceiveAsync(buffer)) > 0; got += count, slow--)
            {
                if (slow > 0)
                    await Task.Delay(750);
            }

            Assert.InRange(got, size, size + 1000);
        }
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 << 10 };
        _sockets.Add(socket);
        socket.Connect("127.0.0.1", _hub.Port);
        return socket;
    }

    private async Task<Socket> Request(string head)
    {
        var socket = Connect();
        await socket.SendAsync(Encoding.ASCII.GetBytes(head));
        return socket;
    }

    /// <summary>Sends all before <paramref name="from"/> at once, and then byte by byte, until the connection ends.</summary>
    private async Task SendsSlowly(string text, int from)
    {
        var socket = await Request(text[..from]);
        for (var i = from; i < text.Length; i++)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text[i..(i + 1)]));
            await Task.Delay(Pause);
            while (socket.Available > 0 || socket.Poll(0, SelectMode.SelectRead))
            {
                if (await socket.ReceiveAsync(new byte[4096]) == 0)
                    return;
            }
        }

        Assert.Fail("all of it could be sent");
    }

    /// <summary>Fails when that takes much longer than a client is given.</summary>
    private static async Task CutOff(Task client)
    {
        try
        {
            await client.WaitAsync(TimeSpan.FromSeconds(15));
        }
        catch (SocketException)
        {
        }
    }

    private async Task<string> Upload()
    {
        using var begun = (await _http.PostAsync($"http://{_hub.Host}/v2/team/slow/blobs/uploads/", null)).EnsureSuccessStatusCode();
        return begun.Headers.Location!.OriginalString;
    }

    private async Task<string> PushLarge()
    {
        var blob = RandomNumberGenerator.GetBytes(Large);
        var digest = HubPusher.Digest(blob);
        using var body = new ByteArrayContent(blob);
        (await _http.PostAsync($"http://{_hub.Host}/v2/team/app/blobs/uploads/?digest={digest}", body)).EnsureSuccessStatusCode().Dispose();
        return digest;
    }

    private int Connections() => new DirectoryInfo($"/proc/{_hub.Pid}/fd").EnumerateFileSystemInfos().Count(entry => entry.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    /// <summary>Resident, in kB.</summary>
    private long Memory() => long.Parse(File.ReadLines($"/proc/{_hub.Pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
}
