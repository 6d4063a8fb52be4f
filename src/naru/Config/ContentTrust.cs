namespace Naru.Cli.Config;

/// <summary>`--disable-content-trust`: on by default, as in docker. Signed tags cannot be checked here, so asking for that is refused, never ignored.</summary>
internal static class ContentTrust
{
    public static ValueFlag<bool> Flag(FlagSet flags, string usage = "Skip image verification") => flags.Bool("disable-content-trust", null, usage, initial: true);

    /// <exception cref="ExitException">Verification was asked for, by the flag or by DOCKER_CONTENT_TRUST.</exception>
    public static void Check(ValueFlag<bool> disabled)
    {
        var wanted = disabled.Changed ? !disabled.Value : Environment.GetEnvironmentVariable("DOCKER_CONTENT_TRUST") is { Length: > 0 } text && IsTrue(text);
        if (wanted)
            throw new ExitException(1, "content trust is not supported: the image was left alone. Unset DOCKER_CONTENT_TRUST, or say --disable-content-trust, to go on without verification");
    }

    private static bool IsTrue(string text)
    {
        try
        {
            return FlagValues.Bool(text);
        }
        catch (FlagException)
        {
            return true;
        }
    }
}
