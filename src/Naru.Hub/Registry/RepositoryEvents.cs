using Naru.Hub.Metadata;

namespace Naru.Hub.Registry;

/// <summary>Who is told of changes. What must not be lost is written in the change's own transaction; the rest follows when it is committed.</summary>
public sealed class RepositoryEvents
{
    private readonly List<Func<ISession, RepositoryEvent, ValueTask>> recorders = [];
    private readonly List<Action<RepositoryEvent>> listeners = [];

    /// <summary>Adds one that writes in the transaction of the change. Before the first request.</summary>
    public void Record(Func<ISession, RepositoryEvent, ValueTask> recorder) => recorders.Add(recorder);

    /// <summary>Adds one that is told after the commit; it must return at once and never throw. Before the first request.</summary>
    public void Listen(Action<RepositoryEvent> listener) => listeners.Add(listener);

    internal async ValueTask Write(ISession session, RepositoryEvent change)
    {
        foreach (var recorder in recorders)
            await recorder(session, change);
    }

    internal void Tell(RepositoryEvent change)
    {
        foreach (var listener in listeners)
            listener(change);
    }
}
