using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Containerd;
using Naru.Rpc.Events;

namespace Naru.Tests.Containerd;

public sealed class EventExchangeTests
{
    private readonly EventExchange _events = new();

    [Fact]
    public void A_subscriber_hears_what_its_filter_lets_through()
    {
        var reader = _events.Subscribe(Filter.Parse(["topic==\"/tasks/exit\",namespace==moby", "topic~=|^/images/|"]), CancellationToken.None);
        _events.Publish("moby", "/tasks/exit", new TaskExit { ContainerId = "a" });
        _events.Publish("moby", "/tasks/start", new TaskStart { ContainerId = "a" });
        _events.Publish("other", "/tasks/exit", new TaskExit { ContainerId = "b" });
        _events.Publish("other", "/images/create", new ImageCreate { Name = "x" });
        Assert.Equal(["/tasks/exit moby", "/images/create other"], Heard(reader).Select(e => $"{e.Topic} {e.Namespace}"));
    }

    [Fact]
    public void A_filter_reads_the_events_own_fields()
    {
        var reader = _events.Subscribe(Filter.Parse(["event.container_id==b"]), CancellationToken.None);
        _events.Publish("moby", "/tasks/exit", new TaskExit { ContainerId = "a", Id = "b" });
        _events.Publish("moby", "/tasks/exit", new TaskExit { ContainerId = "b", Id = "e" });
        Assert.Equal("e", TaskExit.Parser.ParseFrom(Assert.Single(Heard(reader)).Event.Value).Id);
    }

    [Fact]
    public void An_event_travels_under_its_types_bare_name()
    {
        var reader = _events.Subscribe(Filter.Parse([]), CancellationToken.None);
        _events.Publish("moby", "/tasks/oom", new TaskOOM { ContainerId = "a" });
        Assert.Equal("containerd.events.TaskOOM", Assert.Single(Heard(reader)).Event.TypeUrl);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("tasks/exit")]
    public void A_topic_begins_with_a_slash_and_names_something(string topic) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => _events.Publish("moby", topic, new Empty())).Kind);

    [Fact]
    public void A_subscriber_that_goes_is_forgotten_and_one_that_lags_is_cut_off()
    {
        using var stop = new CancellationTokenSource();
        var gone = _events.Subscribe(Filter.Parse([]), stop.Token);
        var lagging = _events.Subscribe(Filter.Parse([]), CancellationToken.None);
        stop.Cancel();
        for (var i = 0; i < 5000; i++)
            _events.Publish("moby", "/tasks/start", new TaskStart { Pid = (uint)i });
        Assert.True(gone.Completion.IsCompletedSuccessfully);
        Assert.Equal(4096, Heard(lagging).Count);
        Assert.Equal(ErrorKind.Unavailable, Assert.IsType<NaruException>(lagging.Completion.Exception?.InnerException).Kind);
    }

    private static List<EventEnvelope> Heard(System.Threading.Channels.ChannelReader<EventEnvelope> reader)
    {
        var heard = new List<EventEnvelope>();
        while (reader.TryRead(out var envelope))
            heard.Add(envelope);
        return heard;
    }
}
