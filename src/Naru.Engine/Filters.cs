using System.Globalization;
using System.Text.Json;
using Naru.Base;
using Naru.Base.Flags;
using Naru.Base.Units;

namespace Naru.Engine;

/// <summary>The <c>filters</c> query parameter: <c>{"label":{"a=b":true}}</c>, or the old <c>{"label":["a=b"]}</c>.</summary>
public sealed class Filters
{
    private readonly Dictionary<string, HashSet<string>> values = [];

    public static Filters None { get; } = new();

    public bool IsEmpty => values.Count == 0;

    /// <exception cref="NaruException">InvalidArgument: no such JSON, or a name that is not among <paramref name="known"/> (none: any).</exception>
    public static Filters Parse(string? json, params ReadOnlySpan<string> known)
    {
        var filters = new Filters();
        if (string.IsNullOrEmpty(json))
            return filters;
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var field in document.RootElement.EnumerateObject())
            {
                var set = filters.values[field.Name] = [];
                if (field.Value.ValueKind == JsonValueKind.Array)
                {
                    foreach (var item in field.Value.EnumerateArray())
                        set.Add(item.GetString() ?? "");
                }
                else
                {
                    foreach (var item in field.Value.EnumerateObject())
                    {
                        if (item.Value.ValueKind == JsonValueKind.True)
                            set.Add(item.Name);
                    }
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"invalid filter: {json}", e);
        }

        foreach (var name in filters.values.Keys)
        {
            if (!known.IsEmpty && !known.Contains(name))
                throw NaruException.Invalid($"invalid filter '{name}'");
        }

        return filters;
    }

    public bool Has(string name) => values.TryGetValue(name, out var set) && set.Count > 0;

    public IReadOnlyCollection<string> Get(string name) => values.TryGetValue(name, out var set) ? set : [];

    /// <summary>True when the filter is absent or <paramref name="value"/> is one of its values.</summary>
    public bool Exact(string name, string value) => !Has(name) || values[name].Contains(value);

    /// <summary>True when the filter is absent or <paramref name="test"/> holds for one of its values.</summary>
    public bool Any(string name, Func<string, bool> test) => !Has(name) || values[name].Any(test);

    /// <summary>True when every <c>key</c> or <c>key=value</c> of the filter is among the labels.</summary>
    public bool Labels(string name, IReadOnlyDictionary<string, string>? labels) => !Has(name) || values[name].All(wanted => HasLabel(labels, wanted));

    /// <summary>True when none of the filter's labels is there (<c>label!</c>).</summary>
    public bool NoLabels(string name, IReadOnlyDictionary<string, string>? labels) => !Has(name) || !values[name].Any(wanted => HasLabel(labels, wanted));

    /// <summary>The moment of <c>until</c>: a time, or how long ago; null without the filter.</summary>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public DateTime? Until()
    {
        if (!Has("until"))
            return null;
        if (values["until"].Count > 1)
            throw NaruException.Invalid("more than one until filter specified");
        var text = values["until"].First();
        try
        {
            return DateTime.UtcNow - TimeSpan.FromTicks(GoDuration.Parse(text) / 100);
        }
        catch (FlagException)
        {
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        if (GoTime.TryParse(text, out var time))
            return time.UtcDateTime;
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal | DateTimeStyles.AdjustToUniversal, out var local)
            ? local : throw NaruException.Invalid($"failed to parse value as time or duration: \"{text}\"");
    }

    /// <summary>A filter that must be one boolean.</summary>
    public bool Flag(string name, bool otherwise)
    {
        if (!Has(name))
            return otherwise;
        return values[name].First() switch
        {
            "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
            "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
            var other => throw NaruException.Invalid($"invalid filter '{name}=[{other}]'"),
        };
    }

    public static bool HasLabel(IReadOnlyDictionary<string, string>? labels, string wanted)
    {
        var equals = wanted.IndexOf('=');
        if (labels is null)
            return false;
        return equals < 0 ? labels.ContainsKey(wanted) : labels.TryGetValue(wanted[..equals], out var value) && value == wanted[(equals + 1)..];
    }
}
