namespace Naru.Build.Dockerfile.Instructions;

/// <summary>A here-document: lines up to one that says its name.</summary>
public sealed record Heredoc
{
    public required string Name { get; init; }

    /// <summary>The word was not quoted: variables in the content count (COPY and ADD; a shell decides for itself).</summary>
    public required bool Expands { get; init; }

    /// <summary><c>&lt;&lt;-</c>: leading tabs go away.</summary>
    public required bool Chomps { get; init; }

    /// <summary>As written, each line with its newline.</summary>
    public byte[] Content { get; init; } = [];

    /// <summary>The content, without leading tabs if it chomps.</summary>
    public byte[] Chomped()
    {
        if (!Chomps)
            return Content;
        var kept = new List<byte>(Content.Length);
        var starts = true;
        foreach (var one in Content)
        {
            if (starts && one == '\t')
                continue;
            kept.Add(one);
            starts = one == '\n';
        }

        return [.. kept];
    }
}
