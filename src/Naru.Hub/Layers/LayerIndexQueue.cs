using System.Collections.Concurrent;
using System.Threading.Channels;
using Naru.Base;
using Naru.Hub.Registry;
using Naru.Hub.Storage;
using Naru.Linux;

namespace Naru.Hub.Layers;

/// <summary>Indexes the layers of pushed images in the background: a few at a time, on threads that stand back for everything else.</summary>
/// <remarks>
/// What is to be done is in the database: blobs that an image names and that have no row in <c>layer_index</c>. <see cref="Enqueue"/> only saves looking for them. So nothing is lost
/// when it is full, or the process is killed: the next search finds it. A layer that cannot be read now is tried again, a few times; one that is wrong
/// gets its failure. Config files and other things that are no layer get one too: so each blob is looked at once.
/// </remarks>
public sealed class LayerIndexQueue : IAsyncDisposable
{
    private const int Capacity = 1024;
    private const int MostAttempts = 5;

    private readonly LayerIndexes indexes;
    private readonly IBlobStorage storage;
    private readonly LayerIndexLimits limits;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<Waiting> waiting = Channel.CreateBounded<Waiting>(Capacity);
    private readonly ConcurrentDictionary<string, int> attempts = [];
    private readonly List<Task> running = [];

    // Something is claimed by others, did not work, or found no room: the next search is soon.
    private volatile bool unfinished;

    /// <summary>Does nothing before <see cref="Start"/>.</summary>
    public LayerIndexQueue(LayerIndexes indexes, IBlobStorage storage, LayerIndexLimits limits)
    {
        (this.indexes, this.storage, this.limits) = (indexes, storage, limits);
        indexes.Wanted = Enqueue;
    }

    /// <summary>Is told when a layer was read: that leaves garbage.</summary>
    public Action? Worked { get; set; }

    /// <summary>How long until the next search when the last one left nothing.</summary>
    internal TimeSpan SearchEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Begins with what is missing.</summary>
    /// <param name="workers">How many layers are read at once.</param>
    public void Start(int workers = 1)
    {
        running.Add(Task.Run(Search));
        for (var i = 0; i < workers; i++)
            running.Add(Task.Run(Work));
    }

    /// <summary>Looks at this blob soon. Returns at once.</summary>
    public void Enqueue(string digest) => Enqueue(new Waiting(null, digest));

    /// <summary>Looks at what was pushed soon. Returns at once: to be told of changes by <see cref="RepositoryEvents.Listen"/>.</summary>
    public void Enqueue(RepositoryEvent change)
    {
        if (change.Kind == RepositoryEventKind.Push)
            Enqueue(new Waiting(change.Repository.Id, change.Digest.ToString()));
    }

    /// <summary>Stops; layers that were being read are given back.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running);
        stop.Dispose();
    }

    private void Enqueue(Waiting item)
    {
        if (!waiting.Writer.TryWrite(item))
            unfinished = true;
    }

    private async Task Search()
    {
        while (!stop.IsCancellationRequested)
        {
            unfinished = false;
            try
            {
                for (var missing = await indexes.Missing("", Capacity, stop.Token); missing.Count > 0; missing = await indexes.Missing(missing[^1], Capacity, stop.Token))
                {
                    foreach (var digest in missing)
                        await waiting.Writer.WriteAsync(new Waiting(null, digest), stop.Token);
                }

                for (var left = SearchEvery; left > TimeSpan.Zero && !(unfinished && left < SearchEvery); left -= indexes.Lease)
                    await Task.Delay(indexes.Lease < left ? indexes.Lease : left, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.Warn($"search for layers without an index: {e.Message}");
                await Task.Delay(indexes.Lease, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task Work()
    {
        try
        {
            await foreach (var item in waiting.Reader.ReadAllAsync(stop.Token))
            {
                if (item.Repository is { } repository)
                    await IndexImage(repository, item.Digest);
                else
                    await Index(item.Digest);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task IndexImage(long repository, string image)
    {
        try
        {
            foreach (var part in await indexes.Parts(repository, image, stop.Token))
                await Index(part);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            unfinished = true;
            Log.Warn($"index image {image}: {e.Message}");
        }
    }

    private async Task Index(string digest)
    {
        LayerClaim? claim = null;
        try
        {
            claim = await indexes.Claim(digest, stop.Token);
            if (claim is null)
            {
                unfinished |= await indexes.IsClaimed(digest, stop.Token);
                return;
            }

            await Index(claim);
            attempts.TryRemove(digest, out _);
            Worked?.Invoke();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // The claim is left to run out: that is how long the next attempt waits.
            unfinished = true;
            Log.Warn($"index layer {digest}: {e.Message}");
            if (attempts.AddOrUpdate(digest, 1, (_, count) => count + 1) >= MostAttempts && claim is not null)
                await GiveUp(claim, e.Message);
        }
    }

    private async Task Index(LayerClaim claim)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var reading = Task.Factory.StartNew(() => Read(claim.Blob, lost.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            while (await Task.WhenAny(reading, Task.Delay(indexes.Lease / 4, stop.Token)) != reading && !stop.IsCancellationRequested)
            {
                if (!await indexes.Renew(claim, stop.Token))
                    return;
            }

            var parts = await reading;
            await Store(claim, parts);
        }
        catch (Exception e) when (e is InvalidDataException or NaruException { Kind: ErrorKind.InvalidArgument })
        {
            await indexes.Fail(claim, e.Message, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await indexes.Release(claim, CancellationToken.None);
            throw;
        }
        finally
        {
            await lost.CancelAsync();
            await reading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>On a thread of its own: reading and unpacking block it, and it stands back.</summary>
    private List<byte[]> Read(LayerBlob blob, CancellationToken cancel)
    {
        Niceness.StandBack();
        using var stream = storage.Read(blob.Object, 0, blob.Size, cancel).AsTask().GetAwaiter().GetResult();
        return LayerIndexer.Build(stream, blob.Size, limits, cancel);
    }

    /// <summary>The object first, then the row that names it: one without a row is nobody's, and garbage.</summary>
    private async Task Store(LayerClaim claim, List<byte[]> parts)
    {
        var key = ObjectKey.New();
        var named = false;
        try
        {
            await using (var writer = await storage.Create(key, stop.Token))
            {
                foreach (var part in parts)
                    await writer.Write(part, stop.Token);
                await writer.Complete(stop.Token);
            }

            named = await indexes.Complete(claim, key, stop.Token);
        }
        finally
        {
            if (!named)
                await storage.Delete(key, CancellationToken.None);
        }
    }

    private async Task GiveUp(LayerClaim claim, string failure)
    {
        try
        {
            await indexes.Fail(claim, failure, stop.Token);
        }
        catch (Exception e) when (e is NaruException or OperationCanceledException)
        {
            Log.Warn($"index layer {claim.Digest}: {e.Message}");
        }
    }

    /// <param name="Repository">Where the digest is an image's: the repository that has it; null where it is a blob's.</param>
    private sealed record Waiting(long? Repository, string Digest);
}
