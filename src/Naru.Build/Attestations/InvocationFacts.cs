using System.Text.Json;
using Naru.Build.Planning;

namespace Naru.Build.Attestations;

/// <summary>What a client asked for, as far as it may be told.</summary>
internal sealed class InvocationFacts
{
    private readonly SortedDictionary<string, string> arguments = new(StringComparer.Ordinal);
    private readonly bool full;

    /// <param name="full">With the values of build arguments and labels, and the names of secrets.</param>
    public InvocationFacts(BuildFacts facts, bool full)
    {
        this.full = full;
        foreach (var (name, value) in facts.Attributes)
        {
            if (name.StartsWith("vcs:", StringComparison.Ordinal))
                Repository[name["vcs:".Length..]] = name == "vcs:source" ? UrlCredentials.Hide(value) : value;
            else if (IsOfThisMachine(name) || (name == "context" && value.Length > 0))
                continue;
            else if (!full && (name.StartsWith("build-arg:", StringComparison.Ordinal) || name.StartsWith("label:", StringComparison.Ordinal)))
                IsWhole = false;
            else
                arguments[name] = name.StartsWith("context:", StringComparison.Ordinal) || IsProxy(name) ? UrlCredentials.Hide(value) : value;
        }
    }

    /// <summary>Nothing was left out.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>The client's repository: <c>revision</c>, <c>source</c>, <c>localdir:context</c>.</summary>
    public SortedDictionary<string, string> Repository { get; } = new(StringComparer.Ordinal);

    /// <summary>Writes into the object that is open.</summary>
    public void Write(Utf8JsonWriter writer, Materials materials)
    {
        writer.WriteString("frontend", "dockerfile.v0");
        if (arguments.Count > 0)
        {
            writer.WriteStartObject("args");
            foreach (var (name, value) in arguments)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        if (full)
        {
            Write(writer, "secrets", materials.Secrets);
            Write(writer, "ssh", materials.Agents);
        }

        if (materials.Locals.Count == 0)
            return;
        writer.WriteStartArray("locals");
        foreach (var local in materials.Locals)
        {
            writer.WriteStartObject();
            writer.WriteString("name", local);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, bool> lent)
    {
        if (lent.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var (id, optional) in lent)
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            if (optional)
                writer.WriteBoolean("optional", true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static bool IsProxy(string name) =>
        name.StartsWith("build-arg:", StringComparison.Ordinal) && name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase);

    /// <summary>What would be another on another machine, or stands elsewhere in what is told.</summary>
    private static bool IsOfThisMachine(string name) =>
        name is "cgroup-parent" or "image-resolve-mode" or "platform" or "cache-imports" or "cache-from" or "filename" or "requestid"
        || name.StartsWith("attest:", StringComparison.Ordinal) || name.StartsWith("local-sessionid:", StringComparison.Ordinal);
}
