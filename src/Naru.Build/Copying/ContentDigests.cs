using System.Buffers;
using System.Security.Cryptography;
using Naru.Linux;

namespace Naru.Build.Copying;

/// <summary>Reads and hashes the files whose content is not known, on two threads.</summary>
internal static class ContentDigests
{
    private const int Buffer = 256 << 10, Chunk = 64, FewBytes = 1 << 20;

    public static void Compute(string root, List<DigestedFile> files, CancellationToken cancel)
    {
        List<DigestedFile> unknown = [];
        long bytes = 0;
        foreach (var file in files)
        {
            if (file.Status.Kind != TreeEntryKind.File || file.Content is not null)
                continue;
            unknown.Add(file);
            bytes += file.Status.Size;
        }

        if (unknown.Count == 0)
            return;
        using var tree = TreeFolder.Open(root);
        var next = 0;
        var helper = Environment.ProcessorCount > 1 && (unknown.Count > Chunk || (unknown.Count > 1 && bytes > FewBytes)) ? Task.Run(Work, cancel) : null;
        try
        {
            Work();
        }
        finally
        {
            // Not before it ends may the folder be closed.
            if (helper is not null)
                ((IAsyncResult)helper).AsyncWaitHandle.WaitOne();
        }

        helper?.GetAwaiter().GetResult();

        void Work()
        {
            // Few files are dealt out one by one: they may be large.
            var chunk = unknown.Count > Chunk * 4 ? Chunk : 1;
            var buffer = ArrayPool<byte>.Shared.Rent(Buffer);
            try
            {
                while (true)
                {
                    var start = Interlocked.Add(ref next, chunk) - chunk;
                    if (start >= unknown.Count)
                        return;
                    Hash(tree, unknown, start, Math.Min(unknown.Count, start + chunk), buffer, cancel);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>Neighbours are mostly of one folder, which is opened once for them.</summary>
    private static void Hash(TreeFolder tree, List<DigestedFile> files, int start, int end, byte[] buffer, CancellationToken cancel)
    {
        TreeFolder? folder = null;
        byte[]? path = null;
        try
        {
            for (var i = start; i < end; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var file = files[i];
                if (!ReferenceEquals(path, file.Folder))
                {
                    folder?.Dispose();
                    path = file.Folder;
                    folder = tree.TryBelow(path) ?? throw new LinuxException(Errno.ENOENT, "open", System.Text.Encoding.UTF8.GetString(path));
                }

                using var content = folder!.OpenFile(file.Name);
                file.Content = Hash(content, buffer, cancel);
            }
        }
        finally
        {
            folder?.Dispose();
        }
    }

    private static byte[] Hash(Microsoft.Win32.SafeHandles.SafeFileHandle content, byte[] buffer, CancellationToken cancel)
    {
        var length = RandomAccess.Read(content, buffer, 0);
        if (length < buffer.Length && RandomAccess.Read(content, buffer.AsSpan(length), length) == 0)
            return SHA256.HashData(buffer.AsSpan(0, length));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long place = 0; (length = RandomAccess.Read(content, buffer, place)) > 0; place += length)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, length);
        }

        return hash.GetHashAndReset();
    }
}
