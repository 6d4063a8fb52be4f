using System.Globalization;
using System.Text.RegularExpressions;
using Naru.Base;
using Naru.Engine.Networks;

namespace Naru.Engine.Containers;

/// <summary>Which containers a listing shows: Docker's filters.</summary>
internal sealed class ContainerFilters
{
    private static readonly TimeSpan RegexTime = TimeSpan.FromMilliseconds(100);
    private static readonly string[] States = ["created", "running", "paused", "restarting", "removing", "exited", "dead"], Healths = ["none", "starting", "healthy", "unhealthy"];

    private readonly Filters filters;
    private readonly Container? before, since;
    private readonly HashSet<string> published, exposed;

    /// <exception cref="NaruException">InvalidArgument: no such value; NotFound: before or since of no container.</exception>
    public ContainerFilters(ContainerStore store, Filters filters)
    {
        this.filters = filters;
        OneOf("status", "state", States);
        OneOf("health", "health", Healths);
        foreach (var code in filters.Get("exited"))
        {
            if (!int.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                throw NaruException.Invalid($"invalid filter 'exited={code}': strconv.Atoi: parsing \"{code}\": invalid syntax");
        }

        filters.Flag("is-task", false);
        published = Ports("publish");
        exposed = Ports("expose");
        before = filters.Has("before") ? store.Get(filters.Get("before").First()) : null;
        since = filters.Has("since") ? store.Get(filters.Get("since").First()) : null;
    }

    /// <summary>True when containers that do not run are asked for by a filter.</summary>
    public bool IncludesStopped => filters.Has("status") || filters.Has("exited") || before is not null || since is not null;

    public bool Matches(Container container)
    {
        var record = container.Record;
        return filters.Any("id", wanted => container.Id.StartsWith(wanted, StringComparison.Ordinal))
            && filters.Any("name", wanted => Name(container.Name, wanted))
            && filters.Any("status", wanted => container.State.Status == wanted)
            && filters.Any("health", wanted => (container.State is ContainerState.Running ? container.Health?.Status ?? "none" : container.Health is null ? "none" : "unhealthy") == wanted)
            && filters.Any("exited", wanted => container.State is ContainerState.Exited { StartedAt.Ticks: > 0 } end && end.ExitCode.ToString(CultureInfo.InvariantCulture) == wanted)
            && filters.Labels("label", record.Config.Labels)
            && filters.Any("ancestor", wanted => Ancestor(record, wanted))
            && filters.Any("volume", wanted => record.Mounts.Any(mount => mount.Name == wanted || mount.Destination == wanted || mount.Source == wanted))
            && filters.Any("network", wanted => ContainerViews.Summary(container).NetworkSettings?.Networks?.Any(one => one.Key == wanted || (one.Value?.NetworkID is { Length: > 0 } id && id.StartsWith(wanted, StringComparison.Ordinal))) ?? false)
            && (!filters.Has("is-task") || !filters.Flag("is-task", false))
            && Port(record)
            && (before is null || record.Created < before.Record.Created) && (since is null || record.Created > since.Record.Created);
    }

    private static bool Name(string name, string wanted) =>
        Regex.IsMatch("/" + name, wanted, RegexOptions.None, RegexTime) || Regex.IsMatch(name, wanted, RegexOptions.None, RegexTime);

    private static bool Ancestor(ContainerRecord record, string wanted) =>
        record.Config.Image == wanted || record.Config.Image == wanted + ":latest" || record.ImageId == wanted
        || (wanted.Length >= 4 && record.ImageId.StartsWith("sha256:" + wanted, StringComparison.Ordinal));

    /// <summary>Only what a network has given out counts: the host's port for publish, the container's for expose.</summary>
    private bool Port(ContainerRecord record)
    {
        if (published.Count == 0 && exposed.Count == 0)
            return true;
        foreach (var port in ContainerViews.Ports(record))
        {
            if (exposed.Contains($"{port.PrivatePort}/{port.Type}") || (port.PublicPort > 0 && published.Contains($"{port.PublicPort}/{port.Type}")))
                return true;
        }

        return false;
    }

    private void OneOf(string name, string what, string[] known)
    {
        foreach (var value in filters.Get(name))
        {
            if (!known.Contains(value))
                throw NaruException.Invalid($"invalid filter '{name}={value}': invalid value for {what} ({value}): must be one of {string.Join(", ", known)}");
        }
    }

    /// <summary>PORT[-PORT][/PROTOCOL], each as PORT/PROTOCOL.</summary>
    private HashSet<string> Ports(string name)
    {
        HashSet<string> result = [];
        foreach (var value in filters.Get(name))
        {
            var parts = value.Split('/', 2);
            var ends = parts[0].Split('-', 2);
            foreach (var end in ends)
            {
                if (!ushort.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                    throw NaruException.Invalid($"error while looking up for {name} {value}: strconv.ParseUint: parsing \"{end}\": invalid syntax");
            }

            for (int port = ushort.Parse(ends[0], CultureInfo.InvariantCulture), last = ushort.Parse(ends[^1], CultureInfo.InvariantCulture); port <= last; port++)
                result.Add(string.Create(CultureInfo.InvariantCulture, $"{port}/{(parts.Length > 1 ? parts[1] : "tcp")}"));
        }

        return result;
    }
}
