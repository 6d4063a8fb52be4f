using System.Security.Cryptography;

namespace Naru.Tests.Hub.Storage;

/// <summary>What <see cref="StrictS3"/> keeps: objects, and multipart uploads that have not ended.</summary>
public sealed class S3Bucket
{
    private const int SmallestPart = 5 << 20;

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, S3Object> objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Multipart> uploads = [];
    private int last;

    /// <summary>Keys of multipart uploads that have not ended.</summary>
    public List<string> Unended
    {
        get
        {
            lock (gate)
                return [.. uploads.Values.Select(upload => upload.Key)];
        }
    }

    public static string Tag(byte[] content) => $"\"{Convert.ToHexStringLower(MD5.HashData(content))}\"";

    /// <param name="first">Only where there is none: <c>If-None-Match: *</c>.</param>
    public void Put(string key, byte[] content, bool first = false)
    {
        lock (gate)
        {
            if (first && objects.ContainsKey(key))
                throw new S3Refusal(412, "PreconditionFailed");
            objects[key] = new S3Object(content, DateTime.UtcNow);
        }
    }

    public S3Object? Get(string key)
    {
        lock (gate)
            return objects.GetValueOrDefault(key);
    }

    public void Delete(string key)
    {
        lock (gate)
            objects.Remove(key);
    }

    /// <summary>Keys after <paramref name="after"/>, and one more than asked where there are more.</summary>
    public List<string> List(string prefix, string after, int most)
    {
        lock (gate)
            return [.. objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0).Take(most + 1)];
    }

    public string Begin(string key)
    {
        lock (gate)
        {
            var id = $"upload-{++last}";
            uploads[id] = new Multipart(key, []);
            return id;
        }
    }

    public string PutPart(string key, string id, int number, byte[] content)
    {
        lock (gate)
        {
            Find(key, id).Parts[number] = content;
            return Tag(content);
        }
    }

    /// <summary>As if the server lost it.</summary>
    public void LosePart(int number)
    {
        lock (gate)
        {
            foreach (var upload in uploads.Values)
                upload.Parts.Remove(number);
        }
    }

    /// <param name="parts">Numbers and tags, as the request lists them.</param>
    public void End(string key, string id, List<KeyValuePair<int, string>> parts, bool first)
    {
        lock (gate)
        {
            var upload = Find(key, id);
            if (first && objects.ContainsKey(key))
                throw new S3Refusal(412, "PreconditionFailed");
            using var whole = new MemoryStream();
            for (var i = 0; i < parts.Count; i++)
            {
                var (number, tag) = parts[i];
                if (i > 0 && number <= parts[i - 1].Key)
                    throw new S3Refusal(400, "InvalidPartOrder");
                if (!upload.Parts.TryGetValue(number, out var part) || Tag(part) != tag)
                    throw new S3Refusal(400, "InvalidPart");
                if (i < parts.Count - 1 && part.Length < SmallestPart)
                    throw new S3Refusal(400, "EntityTooSmall");
                whole.Write(part);
            }

            if (parts.Count == 0)
                throw new S3Refusal(400, "MalformedXML");
            objects[key] = new S3Object(whole.ToArray(), DateTime.UtcNow);
            uploads.Remove(id);
        }
    }

    public void Abort(string key, string id)
    {
        lock (gate)
        {
            Find(key, id);
            uploads.Remove(id);
        }
    }

    private Multipart Find(string key, string id) => uploads.TryGetValue(id, out var upload) && upload.Key == key ? upload : throw new S3Refusal(404, "NoSuchUpload");

    private sealed record Multipart(string Key, Dictionary<int, byte[]> Parts);
}
