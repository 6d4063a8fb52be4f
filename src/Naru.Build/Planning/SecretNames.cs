namespace Naru.Build.Planning;

/// <summary>Which variables sound as if they held something secret: <c>API_KEY</c>, <c>github_token</c>; not <c>PUBLIC_KEY</c>.</summary>
internal static class SecretNames
{
    private static readonly string[] s_secret = ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

    public static bool LooksSecret(string name)
    {
        var isSecret = false;
        foreach (var word in name.ToLowerInvariant().Split('_'))
        {
            if (word == "public")
                return false;
            isSecret |= Array.IndexOf(s_secret, word) >= 0;
        }

        return isSecret;
    }
}
