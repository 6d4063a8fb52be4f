using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.Ttrpc;

namespace Naru.Tests.Rpc;

public sealed class TtrpcTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static TtrpcServer EchoServer()
    {
        var server = new TtrpcServer();
        server.Handle("test", "Echo", StringValue.Parser, (_, request) => Task.FromResult<IMessage>(request));
        server.Handle("test", "Fail", StringValue.Parser, (_, request) => throw NaruException.NotFound(request.Value));
        server.Handle("test", "Break", StringValue.Parser, (_, _) => throw new InvalidOperationException("broken"));
        server.Handle("test", "Wait", StringValue.Parser, async (call, request) =>
        {
            await Task.Delay(Timeout.Infinite, call.Cancellation);
            return request;
        });
        return server;
    }

    private static async Task WithServerAsync(Func<TtrpcClient, Task> act)
    {
        var (near, far) = await StreamPair.OpenAsync();
        var serving = EchoServer().ServeAsync(far, CancellationToken.None);
        await using (var client = TtrpcClient.Over(near))
        {
            await act(client).WaitAsync(Patience);
        }
        await serving.WaitAsync(Patience);
    }

    private static Task<StringValue> CallAsync(TtrpcClient client, string method, string text, TimeSpan? timeout = null) =>
        client.CallAsync("test", method, new StringValue { Value = text }, StringValue.Parser, null, timeout, CancellationToken.None);

    [Fact]
    public Task Calls_overlap_on_one_connection() => WithServerAsync(async client =>
    {
        var stays = CallAsync(client, "Wait", "", TimeSpan.FromSeconds(10));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => CallAsync(client, "Echo", new string('x', i * 1000))));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i * 1000), answers.Select(each => each.Value.Length));
        Assert.False(stays.IsCompleted);
    });

    [Fact]
    public Task A_failure_keeps_its_kind_and_text() => WithServerAsync(async client =>
    {
        var failure = await Assert.ThrowsAsync<NaruException>(() => CallAsync(client, "Fail", "no such thing"));
        Assert.Equal((ErrorKind.NotFound, "no such thing"), (failure.Kind, failure.Message));
        Assert.Equal(ErrorKind.Internal, (await Assert.ThrowsAsync<NaruException>(() => CallAsync(client, "Break", ""))).Kind);
        Assert.Equal("still here", (await CallAsync(client, "Echo", "still here")).Value);
    });

    [Fact]
    public Task An_unknown_method_or_service_is_unimplemented() => WithServerAsync(async client =>
    {
        Assert.Equal(ErrorKind.Unimplemented, (await Assert.ThrowsAsync<NaruException>(() => CallAsync(client, "Nothing", ""))).Kind);
        var other = client.CallAsync("other", "Echo", new Empty(), Empty.Parser, null, null, CancellationToken.None);
        Assert.Equal(ErrorKind.Unimplemented, (await Assert.ThrowsAsync<NaruException>(() => other)).Kind);
    });

    [Fact]
    public Task A_deadline_ends_the_call_and_not_the_connection() => WithServerAsync(async client =>
    {
        Assert.Equal(ErrorKind.DeadlineExceeded, (await Assert.ThrowsAsync<NaruException>(() => CallAsync(client, "Wait", "", TimeSpan.FromMilliseconds(50)))).Kind);
        Assert.Equal("on", (await CallAsync(client, "Echo", "on")).Value);
    });

    [Fact]
    public async Task A_lost_connection_fails_the_calls_under_way_and_the_later_ones()
    {
        var (near, far) = await StreamPair.OpenAsync();
        await using var client = TtrpcClient.Over(near);
        var call = CallAsync(client, "Echo", "");
        await far.DisposeAsync();
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<NaruException>(() => call.WaitAsync(Patience))).Kind);
        await client.Completion.WaitAsync(Patience);
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<NaruException>(() => CallAsync(client, "Echo", ""))).Kind);
    }

    [Fact]
    public async Task A_frame_may_come_in_any_pieces()
    {
        var (near, far) = await StreamPair.OpenAsync();
        await using var owned = near;
        var serving = EchoServer().ServeAsync(far, CancellationToken.None);
        byte[] frames = [.. Request(1, "Echo", "a"), .. Request(3, "Echo", "b")];
        foreach (var each in frames)
        {
            await near.WriteAsync(new[] { each });
        }
        Assert.Equal([1u, 3u], new[] { await AnswerAsync(near), await AnswerAsync(near) }.Order());
        near.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        await serving.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_stream_of_messages_is_refused_as_that_call_alone()
    {
        var (near, far) = await StreamPair.OpenAsync();
        var serving = EchoServer().ServeAsync(far, CancellationToken.None);
        var open = Request(1, "Echo", "a");
        open[9] = (byte)FrameFlags.RemoteOpen;
        // and a data frame of a stream that is not open
        await near.WriteAsync((byte[])[.. open, 0, 0, 0, 1, 0, 0, 0, 1, (byte)FrameType.Data, 0, 0xFF]);
        Assert.Equal(12, (await ResponseAsync(near)).Status.Code);
        await near.WriteAsync(Request(3, "Echo", "b"));
        Assert.Equal(0, (await ResponseAsync(near)).Status?.Code ?? 0);
        await near.DisposeAsync();
        await serving.WaitAsync(Patience);
    }

    [Theory]
    [InlineData("FFFFFFFF 00000001 01 00", "a length over the cap")]
    [InlineData("00000000 00000001 09 00", "an unknown type")]
    [InlineData("00000000 00000002 01 00", "an even stream id")]
    [InlineData("00000001 00000001 01 00 FF", "no message")]
    public async Task A_malformed_frame_ends_the_connection(string hex, string what)
    {
        var (near, far) = await StreamPair.OpenAsync();
        await using var owned = near;
        var serving = EchoServer().ServeAsync(far, CancellationToken.None);
        await near.WriteAsync(Convert.FromHexString(hex.Replace(" ", "")));
        Assert.True(await near.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience) == 0, what);
        await serving.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_stream_id_that_was_used_ends_the_connection()
    {
        var (near, far) = await StreamPair.OpenAsync();
        await using var owned = near;
        var serving = EchoServer().ServeAsync(far, CancellationToken.None);
        await near.WriteAsync((byte[])[.. Request(5, "Wait", ""), .. Request(5, "Wait", "")]);
        // the calls under way are cancelled with it; nobody is left to read their answers
        await serving.WaitAsync(Patience);
    }

    [Fact]
    public async Task Random_bytes_never_break_the_server()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var (near, far) = await StreamPair.OpenAsync();
            var serving = EchoServer().ServeAsync(far, CancellationToken.None);
            await near.WriteAsync(RandomFrames(seed));
            near.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            await serving.WaitAsync(Patience);
            await near.DisposeAsync();
        }
    }

    [Fact]
    public async Task Random_bytes_never_break_the_client()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var (near, far) = await StreamPair.OpenAsync();
            await using var client = TtrpcClient.Over(near);
            var call = CallAsync(client, "Echo", "");
            await far.WriteAsync(RandomFrames(seed));
            await far.DisposeAsync();
            await client.Completion.WaitAsync(Patience);
            await Record.ExceptionAsync(() => call.WaitAsync(Patience));
            Assert.True(call.IsCompleted, $"seed {seed}: the call waits for ever");
        }
    }

    /// <summary>Half of the seeds: bytes; the others: frames whose headers are sound and whose payloads are not.</summary>
    private static byte[] RandomFrames(int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[random.Next(1, 400)];
        random.NextBytes(bytes);
        if (seed % 2 == 0)
        {
            return bytes;
        }
        new FrameHeader(random.Next(bytes.Length), (uint)random.Next(8), (FrameType)random.Next(1, 4), (FrameFlags)random.Next(8)).Write(bytes.Length < 10 ? bytes = new byte[10] : bytes);
        return bytes;
    }

    private static byte[] Request(uint id, string method, string text) =>
        FrameHeader.Frame(id, FrameType.Request, new Request { Service = "test", Method = method, Payload = new StringValue { Value = text }.ToByteString() });

    private static async Task<uint> AnswerAsync(Stream stream)
    {
        var header = new byte[FrameHeader.Size];
        await stream.ReadExactlyAsync(header).AsTask().WaitAsync(Patience);
        var frame = FrameHeader.Parse(header);
        await stream.ReadExactlyAsync(new byte[frame.Length]).AsTask().WaitAsync(Patience);
        return frame.StreamId;
    }

    private static async Task<Response> ResponseAsync(Stream stream)
    {
        var header = new byte[FrameHeader.Size];
        await stream.ReadExactlyAsync(header).AsTask().WaitAsync(Patience);
        var payload = new byte[FrameHeader.Parse(header).Length];
        await stream.ReadExactlyAsync(payload).AsTask().WaitAsync(Patience);
        return Response.Parser.ParseFrom(payload);
    }
}
