using Naru.Cli.Commands.Images;
using Naru.Cli.Config;
using Naru.Cli.Terminal;
using Naru.Linux.Terminals;

namespace Naru.Cli.Commands.Registry;

/// <summary>`login`: the engine asks the registry, the client keeps the login.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var command = new Command("login [OPTIONS] [SERVER]", "Authenticate to a registry") { Description = "Authenticate to a registry.\nDefaults to Docker Hub if no server is specified.", Arguments = ArgumentCount.AtMost(1) };
        var password = command.Flags.String("password", 'p', "Password or Personal Access Token (PAT)");
        var fromStdin = command.Flags.Bool("password-stdin", null, "Take the Password or Personal Access Token (PAT) from stdin");
        var user = command.Flags.String("username", 'u', "Username");
        command.Run = (context, words) =>
        {
            var registry = words.Count > 0 ? Key(words[0]) : FamiliarName.HubKey;
            if (password.Changed && fromStdin)
                throw new ExitException(1, "conflicting options: cannot specify both --password and --password-stdin");
            if (fromStdin && user.Value.Length == 0)
                throw new ExitException(1, "the --password-stdin option requires --username to be set");
            if (!fromStdin && user.Changed && user.Value.Length == 0)
                throw new ExitException(1, "username is empty");
            var secret = fromStdin ? ReadSecret() : password.Value;
            if ((password.Changed || fromStdin) && secret.Length == 0)
                throw new ExitException(1, "password is empty");
            if (password.Changed)
                context.ErrorLine("WARNING! Using --password via the CLI is insecure. Use --password-stdin.");
            var saved = Credentials.Find(context.Config, registry);
            if (user.Value.Length == 0 && secret.Length == 0 && saved?.Username is { Length: > 0 })
            {
                context.Line($"Authenticating with existing credentials... [Username: {saved.Username}]");
                return Finish(context, registry, saved);
            }

            var name = user.Value.Length > 0 ? user.Value : Ask(context, "Username", saved?.Username);
            if (secret.Length == 0)
                secret = AskSecret(context);
            return Finish(context, registry, new AuthConfig { Username = name.Trim(), Password = secret, ServerAddress = registry });
        };
        return command;
    }

    /// <summary>The name that a registry's login is kept by.</summary>
    public static string Key(string server)
    {
        var mark = server.IndexOf("://", StringComparison.Ordinal);
        var host = (mark < 0 ? server : server[(mark + 3)..]).Split('/')[0];
        return host is "docker.io" or "index.docker.io" or "registry-1.docker.io" ? FamiliarName.HubKey : host;
    }

    private static string ReadSecret()
    {
        using var all = new MemoryStream();
        Streams.In.CopyTo(all);
        var text = global::System.Text.Encoding.UTF8.GetString(all.ToArray());
        return text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text.TrimEnd('\r');
    }

    private static string Ask(CliContext context, string what, string? known)
    {
        if (!ConsoleTerminal.IsTerminal(0))
            throw new ExitException(1, "Error: Cannot perform an interactive login from a non TTY device");
        Streams.OutText(known is { Length: > 0 } ? $"{what} ({known}): " : $"{what}: ");
        Streams.Flush();
        var answer = Confirmation.ReadLine();
        return answer.Length > 0 ? answer : known is { Length: > 0 } ? known : throw new ExitException(1, "Error: Non-null Username Required");
    }

    private static string AskSecret(CliContext context)
    {
        if (!ConsoleTerminal.IsTerminal(0))
            throw new ExitException(1, "Error: Cannot perform an interactive login from a non TTY device");
        Streams.OutText("Password: ");
        Streams.Flush();
        using var hidden = TerminalMode.HideInput(0);
        var secret = Confirmation.ReadLine();
        context.Line("");
        return secret.Length > 0 ? secret : throw new ExitException(1, "Error: Password Required");
    }

    private static int Finish(CliContext context, string registry, AuthConfig auth)
    {
        using var response = context.Engine.SendJson("POST", "/auth", auth, ApiJson.Default.AuthConfig);
        var answer = response.Read(ApiJson.Default.AuthResponse);
        if (answer.IdentityToken.Length > 0)
            auth = auth with { Password = "", IdentityToken = answer.IdentityToken };
        if (!Credentials.HasHelper(context.Config, registry))
            context.ErrorLine($"\nWARNING! Your credentials are stored unencrypted in '{context.Config.Path}'.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n");
        Credentials.Store(context.Config, registry, auth);
        context.Line(answer.Status.Length > 0 ? answer.Status : "Login Succeeded");
        return 0;
    }
}
