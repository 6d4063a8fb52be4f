using System.Threading.Channels;
using Naru.Api;

namespace Naru.Engine.Events;

/// <summary>What happened to the engine's objects: the last 256 are kept, listeners get the rest as it comes.</summary>
public sealed class EventBus
{
    private const int Kept = 256;

    private readonly Lock gate = new();
    private readonly Queue<EventMessage> past = new();
    private readonly List<Channel<EventMessage>> listeners = [];
    private long last;

    public void Publish(string type, string action, string id, IEnumerable<KeyValuePair<string, string>> attributes)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
            all[name] = value;
        lock (gate)
        {
            var nanoseconds = Math.Max((DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100, last + 1);
            last = nanoseconds;
            var message = new EventMessage
            {
                Status = type is "container" or "image" ? action : null,
                Id = type is "container" or "image" ? id : null,
                From = type == "container" ? all.GetValueOrDefault("image") : null,
                Type = type,
                Action = action,
                Actor = new EventActor { ID = id, Attributes = all },
                Scope = "local",
                Time = nanoseconds / 1_000_000_000,
                TimeNano = nanoseconds,
            };
            past.Enqueue(message);
            if (past.Count > Kept)
                past.Dequeue();
            foreach (var listener in listeners)
                listener.Writer.TryWrite(message);
        }
    }

    /// <summary>Events from <paramref name="since"/> on (null: only new ones), until <paramref name="until"/> or the token ends it.</summary>
    public async IAsyncEnumerable<EventMessage> Listen(long? since, long? until, Filters filters, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateUnbounded<EventMessage>(new UnboundedChannelOptions { SingleReader = true });
        List<EventMessage> before = [];
        lock (gate)
        {
            if (since is { } from)
                before.AddRange(past.Where(message => message.TimeNano >= from && !(message.TimeNano > until)));
            listeners.Add(channel);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            foreach (var message in before)
            {
                if (Matches(message, filters))
                    yield return message;
            }

            if (until is { } end)
            {
                var left = DateTime.UnixEpoch.AddTicks(end / 100) - DateTime.UtcNow;
                if (left <= TimeSpan.Zero)
                    yield break;
                if (left < TimeSpan.FromDays(40))
                    ending.CancelAfter(left);
            }

            while (true)
            {
                EventMessage message;
                try
                {
                    message = await channel.Reader.ReadAsync(ending.Token);
                }
                catch (OperationCanceledException)
                {
                    yield break;
                }

                if (Matches(message, filters))
                    yield return message;
            }
        }
        finally
        {
            lock (gate)
                listeners.Remove(channel);
        }
    }

    private static bool Matches(EventMessage message, Filters filters)
    {
        var name = message.Actor.Attributes.GetValueOrDefault("name", "");
        bool Object(string type) => !filters.Has(type) || (message.Type == type
            && filters.Any(type, wanted => message.Actor.ID.StartsWith(wanted, StringComparison.Ordinal) || name.StartsWith(wanted, StringComparison.Ordinal)));
        return filters.Any("event", wanted => message.Action == wanted || message.Action.StartsWith(wanted + ":", StringComparison.Ordinal))
            && filters.Exact("type", message.Type)
            && filters.Exact("scope", message.Scope ?? "")
            && Object("container") && Object("volume") && Object("network") && Object("daemon")
            && filters.Any("image", wanted => Image(message, wanted))
            && filters.Labels("label", message.Actor.Attributes);
    }

    private static bool Image(EventMessage message, string wanted)
    {
        if (message.Type is not ("image" or "container"))
            return false;
        var name = message.Type == "image" ? message.Actor.Attributes.GetValueOrDefault("name", message.Actor.ID) : message.From ?? "";
        return message.Actor.ID == wanted || name == wanted || name.Split(':')[0] == wanted;
    }
}
