using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Naru.Base;
using Naru.Engine.Logs;

namespace Naru.Engine.Containers;

/// <summary>All containers, by id and by name. A name is reserved before its container is made, so two creates cannot share it.</summary>
public sealed partial class ContainerStore(EnginePaths paths)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Container> byId = [];
    private readonly Dictionary<string, string> names = [];

    public IReadOnlyList<Container> All
    {
        get
        {
            lock (gate)
                return [.. byId.Values];
        }
    }

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>By whole id, name or unambiguous beginning of an id.</summary>
    /// <exception cref="NaruException">NotFound, or InvalidArgument: several.</exception>
    public Container Get(string reference)
    {
        lock (gate)
        {
            if (byId.TryGetValue(reference, out var container))
                return container;
            if (names.TryGetValue(reference.TrimStart('/'), out var id) && byId.TryGetValue(id, out container))
                return container;
            if (reference.Length > 0)
            {
                var found = byId.Values.Where(one => one.Id.StartsWith(reference, StringComparison.Ordinal)).Take(2).ToList();
                if (found.Count == 1)
                    return found[0];
                if (found.Count > 1)
                    throw NaruException.Invalid($"multiple IDs found with provided prefix: {reference}");
            }
        }

        throw NaruException.NotFound($"No such container: {reference}");
    }

    public Container? Find(string reference)
    {
        try
        {
            return Get(reference);
        }
        catch (NaruException)
        {
            return null;
        }
    }

    /// <summary>Takes a name for an id, or makes one up.</summary>
    public string Reserve(string? wanted, string id)
    {
        if (!string.IsNullOrEmpty(wanted))
        {
            var name = wanted.TrimStart('/');
            if (!ValidName().IsMatch(name) || wanted.StartsWith("//", StringComparison.Ordinal))
                throw NaruException.Invalid($"Invalid container name ({wanted}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
            lock (gate)
            {
                if (names.TryGetValue(name, out var owner))
                    throw NaruException.Conflict($"Conflict. The container name \"/{name}\" is already in use by container \"{owner}\". You have to remove (or rename) that container to be able to reuse that name.");
                names[name] = id;
            }

            return name;
        }

        lock (gate)
        {
            for (var attempt = 0; ; attempt++)
            {
                var name = NameGenerator.Next() + (attempt > 5 ? RandomNumberGenerator.GetInt32(10).ToString(CultureInfo.InvariantCulture) : "");
                if (names.TryAdd(name, id))
                    return name;
            }
        }
    }

    public void ReleaseName(string name, string id)
    {
        lock (gate)
        {
            if (names.TryGetValue(name, out var owner) && owner == id)
                names.Remove(name);
        }
    }

    public void Add(Container container)
    {
        lock (gate)
            byId[container.Id] = container;
    }

    public void Remove(Container container)
    {
        lock (gate)
        {
            byId.Remove(container.Id);
            if (names.TryGetValue(container.Name, out var owner) && owner == container.Id)
                names.Remove(container.Name);
        }
    }

    /// <summary>Makes the object over a record.</summary>
    public Container Open(ContainerRecord record)
    {
        JsonLogFile? log = null;
        var config = record.HostConfig.LogConfig;
        if (config.Type != "none")
            log = new JsonLogFile(config.Type == "local" ? paths.LocalLogFile(record.Id) : paths.LogFile(record.Id), LogOptions.Parse(config), LogOptions.Extra(config, record.Id, record.Name, record.ImageId, record.Config));

        return new Container(record, paths.Record(record.Id), log);
    }

    /// <summary>Reads all containers from disk. A folder without a record was never acknowledged: it goes. One that cannot be read stays, dead, by its id.</summary>
    public void Load()
    {
        foreach (var folder in Directory.EnumerateDirectories(paths.Containers))
        {
            var id = Path.GetFileName(folder);
            if (!File.Exists(paths.Record(id)))
            {
                Log.Warn($"container {id}: never finished being made, removed");
                Directory.Delete(folder, recursive: true);
                continue;
            }

            Container container;
            try
            {
                var record = JsonSerializer.Deserialize(File.ReadAllBytes(paths.Record(id)), ContainerRecordJson.Default.ContainerRecord)
                    ?? throw new JsonException("empty record");
                container = Open(record);
            }
            catch (Exception e) when (e is JsonException or NaruException or FormatException or IOException)
            {
                Log.Error($"container {id}: its record cannot be read: {e.Message}");
                container = new Container(
                    new ContainerRecord { Id = id, Name = id[..12], Created = Directory.GetCreationTimeUtc(folder), ImageId = "", Config = new(), HostConfig = new(), State = new StateRecord { Status = "dead", Error = e.Message } },
                    paths.Record(id), null);
            }

            lock (gate)
            {
                byId[id] = container;
                names.TryAdd(container.Name, id);
            }
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex ValidName();
}
