using System.Net;
using System.Net.Sockets;
using System.Text;
using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Rpc.Health;

namespace Naru.Tests.Cli.Http2;

public sealed class ConnectionTests : IDisposable
{
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Stream near;
    private readonly Stream far;
    private readonly List<IDisposable> owned = [];

    public ConnectionTests()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndPoint!);
        near = new NetworkStream(client, ownsSocket: true);
        far = new NetworkStream(listener.Accept(), ownsSocket: true) { ReadTimeout = 10_000 };
    }

    public void Dispose()
    {
        owned.ForEach(item => item.Dispose());
        near.Dispose();
        far.Dispose();
    }

    private T Own<T>(T item)
        where T : IDisposable
    {
        owned.Add(item);
        return item;
    }

    private GrpcClient Join(GrpcServer server)
    {
        Own(new Http2Connection(far, server.Accept));
        return new GrpcClient(Own(new Http2Connection(near)));
    }

    /// <summary>Reads frames as raw bytes until one of the type comes; its payload.</summary>
    private byte[] Frame(FrameType type)
    {
        while (true)
        {
            var header = new byte[FrameHeader.Size];
            far.ReadExactly(header);
            var frame = FrameHeader.Read(header);
            var payload = new byte[frame.Length];
            far.ReadExactly(payload);
            if (frame.Type == type && !frame.Has(FrameFlags.Acknowledge))
                return payload;
        }
    }

    [Fact]
    public void A_client_begins_with_the_preface_and_its_settings()
    {
        Own(new Http2Connection(near)).Flush();
        var begin = new byte[Preface.Length + 9];
        far.ReadExactly(begin);
        Assert.Equal(Preface, begin[..Preface.Length]);
        Assert.Equal(HpackTests.Hex("000012 04 00 00000000"), begin[Preface.Length..]); // SETTINGS of three values
    }

    [Fact]
    public void A_clients_first_words_go_out_with_its_first_request()
    {
        var stream = Own(new Http2Connection(near)).Open([new(":method", "POST")]);
        Assert.False(((NetworkStream)far).DataAvailable);
        stream.Write("x"u8);
        far.ReadExactly(new byte[Preface.Length]);
        Assert.Equal("x"u8.ToArray(), Frame(FrameType.Data));
    }

    [Fact]
    public void A_call_gets_its_answer()
    {
        var server = new GrpcServer();
        server.Add("/grpc.health.v1.Health/Check", (call, _) =>
        {
            Assert.Equal("x", call.Read(HealthCheckRequest.Parser)!.Service);
            call.Write(new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving });
        });
        var answer = Join(server).Call("/grpc.health.v1.Health/Check", new HealthCheckRequest { Service = "x" }, HealthCheckResponse.Parser);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public void An_error_keeps_its_code_and_its_words()
    {
        var server = new GrpcServer();
        server.Add("/a/B", (_, _) => throw new GrpcException(GrpcException.NotFound, "kein «ä» 100 %", []));
        var client = Join(server);
        var failure = Assert.Throws<GrpcException>(() => client.Call("/a/B", new HealthCheckRequest(), HealthCheckResponse.Parser));
        Assert.Equal((GrpcException.NotFound, "kein «ä» 100 %"), (failure.Code, failure.Message));
        Assert.Equal(GrpcException.Unimplemented, Assert.Throws<GrpcException>(() => client.Call("/a/C", new HealthCheckRequest(), HealthCheckResponse.Parser)).Code);
    }

    [Fact]
    public void Bodies_larger_than_the_windows_go_both_ways()
    {
        var server = new GrpcServer();
        server.Add("/a/Echo", (call, _) =>
        {
            while (call.Read(HealthCheckRequest.Parser) is { } message)
                call.Write(message);
        });
        var call = Join(server).Start("/a/Echo");
        var large = new string('x', 300_000);
        var writer = new Thread(() =>
        {
            for (var round = 0; round < 30; round++)
                call.Write(new HealthCheckRequest { Service = large + round });
            call.End();
        });
        writer.Start();
        for (var round = 0; round < 30; round++)
            Assert.Equal(large + round, GrpcClient.Next(call, HealthCheckRequest.Parser)!.Service);
        Assert.Null(GrpcClient.Next(call, HealthCheckRequest.Parser));
        writer.Join();
    }

    [Fact]
    public void A_ping_is_answered_with_its_own_bytes()
    {
        Own(new Http2Connection(near));
        far.Write(HpackTests.Hex("000000 04 00 00000000  000008 06 00 00000000 0102030405060708"));
        far.ReadExactly(new byte[Preface.Length]);
        byte[] header;
        do
        {
            header = new byte[FrameHeader.Size];
            far.ReadExactly(header);
            var payload = new byte[FrameHeader.Read(header).Length];
            far.ReadExactly(payload);
            if (FrameHeader.Read(header).Type == FrameType.Ping)
                Assert.Equal(HpackTests.Hex("0102030405060708"), payload);
        }
        while (FrameHeader.Read(header).Type != FrameType.Ping);
    }

    [Theory]
    [InlineData("004001 00 00 00000001", 6)] // a frame of 16385 bytes
    [InlineData("000001 06 00 00000000 00", 6)] // a PING of one byte
    [InlineData("000005 04 00 00000000 0000000000", 6)] // SETTINGS of five bytes
    [InlineData("000000 09 04 00000001", 1)] // a CONTINUATION of nothing
    [InlineData("000001 00 08 00000001 05", 1)] // more padding than frame
    [InlineData("000001 01 04 00000001 c0", 9)] // an index that nothing has
    [InlineData("000001 00 00 00000063 00", 1)] // DATA on a stream that nobody opened
    [InlineData("000004 05 04 00000001 00000002", 1)] // a promise that we declined
    public void A_broken_frame_ends_the_connection_with_the_reason(string frame, int error)
    {
        var connection = Own(new Http2Connection(near));
        var stream = connection.Open([new(":method", "POST")]);
        connection.Flush();
        far.ReadExactly(new byte[Preface.Length]);
        far.Write(HpackTests.Hex(frame));
        Assert.Equal(error, Frame(FrameType.GoAway)[7]);
        Assert.Equal(error, (int)Assert.Throws<Http2Exception>(() => stream.WaitForHeaders()).Error);
    }

    [Fact]
    public void A_stream_that_is_reset_fails_and_others_go_on()
    {
        var connection = Own(new Http2Connection(near));
        var (first, second) = (connection.Open([new(":method", "POST")]), connection.Open([new(":method", "POST")]));
        far.Write(HpackTests.Hex("000004 03 00 00000001 00000008  000001 01 05 00000003 88"));
        Assert.Equal(Http2Error.Cancel, Assert.Throws<Http2Exception>(() => first.WaitForHeaders()).Error);
        Assert.Equal("200", second.WaitForHeaders()[0].Value);
        Assert.Equal(0, second.Read(new byte[1]));
    }

    [Fact]
    public void What_does_not_speak_http2_is_told_so()
    {
        Own(new Http2Connection(far, _ => { }));
        near.Write(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        near.ReadTimeout = 10_000;
        var answer = new MemoryStream();
        near.CopyTo(answer);
        Assert.Equal((byte)FrameType.GoAway, answer.ToArray()[^(8 + 6)]);
    }

    [Fact]
    public void The_end_of_the_connection_fails_who_waits()
    {
        var connection = Own(new Http2Connection(near));
        var stream = connection.Open([new(":method", "POST")]);
        far.Dispose();
        Assert.Throws<Http2Exception>(() => stream.WaitForHeaders());
    }
}
