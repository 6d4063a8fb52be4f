namespace Naru.Cli.Config;

/// <summary>Where the client's files are: shared with docker, so that logins and contexts just work.</summary>
internal static class ConfigFolder
{
    /// <summary>DOCKER_CONFIG, else ~/.docker.</summary>
    public static string Default
    {
        get
        {
            var set = Environment.GetEnvironmentVariable("DOCKER_CONFIG");
            if (!string.IsNullOrEmpty(set))
                return set;
            var home = Environment.GetEnvironmentVariable("HOME");
            return Path.Combine(string.IsNullOrEmpty(home) ? "/root" : home, ".docker");
        }
    }
}
