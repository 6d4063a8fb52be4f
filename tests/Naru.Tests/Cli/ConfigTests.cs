using Naru.Api;
using Naru.Cli;
using Naru.Cli.Config;

namespace Naru.Tests.Cli;

public sealed class ConfigTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("naru-config-").FullName;

    private string Path => System.IO.Path.Combine(folder, "config.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_login_is_kept_and_what_is_not_known_stays()
    {
        File.WriteAllText(Path, """{"psFormat":"{{.ID}}","plugins":{"x":{"y":"1"}}}""");
        ConfigFile.Load(folder).StoreAuth("registry:5000", new AuthConfig { Username = "user", Password = "pa:ss" });
        var saved = ConfigFile.Load(folder);
        Assert.Equal(("user", "pa:ss"), (saved.Auth("registry:5000")?.Username, saved.Auth("registry:5000")?.Password));
        Assert.Equal("{{.ID}}", saved.PsFormat);
        Assert.Contains("\"y\": \"1\"", File.ReadAllText(Path));
    }

    [Fact]
    public void The_first_login_makes_the_file()
    {
        ConfigFile.Load(folder).StoreAuth("r", new AuthConfig { Username = "u", Password = "p" });
        Assert.Equal("{\n\t\"auths\": {\n\t\t\"r\": {\n\t\t\t\"auth\": \"dTpw\"\n\t\t}\n\t}\n}", File.ReadAllText(Path));
    }

    [Fact]
    public void A_file_that_is_a_link_stays_one()
    {
        var real = System.IO.Path.Combine(folder, "real.json");
        File.WriteAllText(real, "{}");
        File.CreateSymbolicLink(Path, real);
        ConfigFile.Load(folder).SetCurrentContext("far");
        Assert.Equal(real, new FileInfo(Path).LinkTarget);
        Assert.Equal("far", ConfigFile.Load(folder).CurrentContext);
    }

    [Fact]
    public void A_credential_helper_keeps_the_secret_out_of_the_file()
    {
        var program = System.IO.Path.Combine(folder, "docker-credential-narutest");
        File.WriteAllText(program, $"#!/bin/sh\ncase $1 in store) cat >{folder}/kept;; get) printf '{{\"Username\":\"u\",\"Secret\":\"s\"}}';; esac\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path, """{"credHelpers":{"r":"narutest"}}""");
        var path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", $"{folder}:{path}");
            Credentials.Store(ConfigFile.Load(folder), "r", new AuthConfig { Username = "u", Password = "s" });
            Assert.Equal("s", Credentials.Find(ConfigFile.Load(folder), "r")?.Password);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }

        Assert.Contains("\"Secret\":\"s\"", File.ReadAllText(System.IO.Path.Combine(folder, "kept")));
        Assert.DoesNotContain("\"auth\"", File.ReadAllText(Path));
    }

    [Fact]
    public void Proxies_become_variables_in_both_spellings()
    {
        File.WriteAllText(Path, """{"proxies":{"default":{"httpProxy":"http://p:1","noProxy":"a"}}}""");
        Assert.Equal(["HTTP_PROXY=http://p:1", "http_proxy=http://p:1", "NO_PROXY=a", "no_proxy=a"], ConfigFile.Load(folder).ProxyVariables("unix:///x").Select(pair => $"{pair.Key}={pair.Value}"));
    }

    [Fact]
    public void A_context_is_kept_where_docker_looks_for_it()
    {
        var store = new ContextStore(folder);
        store.Save(new StoredContext("one", "first", "tcp://h:1", true));
        store.SaveTls("one", new Dictionary<string, byte[]> { ["ca.pem"] = [1] });
        Assert.True(File.Exists(System.IO.Path.Combine(folder, "contexts/meta/7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed/meta.json")));
        Assert.Equal(new StoredContext("one", "first", "tcp://h:1", true), Assert.Single(store.List()));
        Assert.Equal(["ca.pem"], store.Tls("one").Keys);
        store.Remove("one");
        Assert.Empty(store.List());
        Assert.StartsWith("context \"one\": context not found: open ", Assert.Throws<ExitException>(() => store.Get("one")).Message);
    }

    [Theory]
    [InlineData("a b", "context name \"a b\" is invalid, names are validated against regexp \"^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$\"")]
    [InlineData("default", "\"default\" is a reserved context name")]
    [InlineData("", "context name cannot be empty")]
    public void Context_names_are_checked(string name, string message) => Assert.Equal(message, Assert.Throws<ExitException>(() => ContextStore.CheckName(name)).Message);
}
