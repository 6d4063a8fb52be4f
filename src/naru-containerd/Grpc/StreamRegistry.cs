using System.Collections.Concurrent;
using Naru.Base;

namespace Naru.ContainerdDaemon;

/// <summary>The open streams by their client-given ids, for calls that name one.</summary>
internal sealed class StreamRegistry
{
    private readonly ConcurrentDictionary<string, NamedStream> streams = new();

    /// <exception cref="NaruException">AlreadyExists.</exception>
    public void Add(string id, NamedStream stream)
    {
        if (!streams.TryAdd(id, stream))
            throw NaruException.Exists($"stream {id}: already exists");
    }

    public void Remove(string id) => streams.TryRemove(id, out _);

    /// <exception cref="NaruException">NotFound.</exception>
    public NamedStream Get(string id) => streams.TryGetValue(id, out var stream) ? stream : throw NaruException.NotFound($"stream \"{id}\": not found");
}
