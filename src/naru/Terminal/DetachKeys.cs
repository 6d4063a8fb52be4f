namespace Naru.Cli.Terminal;

/// <summary>The keys that leave a container running: a list of letters and ctrl-x, `ctrl-p,ctrl-q` by default.</summary>
internal sealed class DetachKeys(byte[] keys)
{
    private int matched;

    /// <exception cref="NaruException">A key that does not exist.</exception>
    public static DetachKeys Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return new DetachKeys([16, 17]);
        var keys = new List<byte>();
        foreach (var key in text.Split(','))
        {
            if (key.Length == 1)
                keys.Add((byte)key[0]);
            else if (key.StartsWith("ctrl-", StringComparison.Ordinal) && key.Length == 6 && Control(key[5]) is { } code)
                keys.Add(code);
            else
                throw NaruException.Invalid($"invalid detach keys ({text}): Unknown character: '{key}'");
        }

        return new DetachKeys([.. keys]);
    }

    /// <summary>Passes what was typed through; null once the whole sequence was met.</summary>
    public byte[]? Filter(ReadOnlySpan<byte> typed)
    {
        var passed = new List<byte>(typed.Length + keys.Length);
        foreach (var key in typed)
        {
            if (key == keys[matched])
            {
                if (++matched == keys.Length)
                    return null;
                continue;
            }

            passed.AddRange(keys.AsSpan(0, matched));
            matched = 0;
            if (key == keys[0])
                matched = 1;
            else
                passed.Add(key);
            if (matched == keys.Length)
                return null;
        }

        return [.. passed];
    }

    private static byte? Control(char letter) => letter switch
    {
        >= 'a' and <= 'z' => (byte)(letter - 'a' + 1),
        '@' => 0,
        '[' => 27,
        '\\' => 28,
        ']' => 29,
        '^' => 30,
        '_' => 31,
        _ => null,
    };
}
