using System.Globalization;
using Naru.Cli.Build.Session;
using Naru.Cli.Build.Solve;
using Naru.Cli.Commands.Containers;
using Naru.Cli.Commands.Images;
using Naru.Cli.Config;

namespace Naru.Cli.Commands.Builds;

/// <summary>Reads the flags of `build` into what the build was asked for.</summary>
internal sealed class BuildOptionsReader(BuildFlags flags, CliContext context)
{
    private readonly Dictionary<string, string> attributes = new(StringComparer.Ordinal);
    private readonly List<string> entitlements = [.. flags.Allow.Values];
    private bool attests;

    /// <exception cref="NaruException">A value that makes no sense, or cannot work.</exception>
    public BuildOptions Read(string place)
    {
        var outputs = Outputs();
        ReadArguments();
        ReadPairs("label:", flags.Labels.Values, "label");
        ReadSteps();
        ReadNetwork();
        ReadAttests();
        return new BuildOptions
        {
            Context = place,
            File = flags.File,
            Tags = Tags(),
            NamedContexts = NamedContexts(),
            Outputs = outputs,
            Secrets = [.. flags.Secrets.Values.Select(SecretSource.Parse)],
            Agents = [.. flags.Ssh.Values.Select(AgentSource.Parse)],
            CacheFrom = [.. flags.CacheFrom.Values.Select(CacheOption.Parse)],
            CacheTo = CacheTo(),
            Platforms = Platforms(),
            Annotations = Annotations(),
            Entitlements = entitlements,
            Attributes = attributes,
            Attests = attests,
        };
    }

    private List<string> Tags()
    {
        var tags = new List<string>();
        foreach (var tag in flags.Tags.Values)
        {
            try
            {
                FamiliarName.Parse(tag);
            }
            catch (NaruException e)
            {
                throw NaruException.Invalid($"invalid tag {GoText.Quote(tag)}: {e.Message}");
            }

            tags.Add(tag);
        }

        return tags;
    }

    private List<OutputOption> Outputs()
    {
        var outputs = flags.Outputs.Values.Select(OutputOption.Parse).ToList();
        if (flags.Push && flags.Load && outputs.Count == 0)
            throw NaruException.Invalid("push and load may not be set together at the moment");
        if (flags.Push && !outputs.Any(output => output.Pushes))
        {
            var image = outputs.FindIndex(output => output.Type == "image");
            var pushed = new OutputOption("image", "", image < 0 ? new Dictionary<string, string> { ["push"] = "true" } : new Dictionary<string, string>(outputs[image].Attributes) { ["push"] = "true" });
            if (image < 0)
                outputs.Add(pushed);
            else
                outputs[image] = pushed;
        }

        if (flags.Load && !outputs.Any(output => output.IsImage))
            outputs.Add(OutputOption.Image);
        if (outputs.Count(output => output.Destination == "-") > 1)
            throw NaruException.Invalid("only one output may go to standard output");
        if (outputs.Any(output => output.Destination == "-") && Terminal.ConsoleTerminal.IsTerminal(1))
            throw NaruException.Invalid("dest file is required for an archive: refusing to write to a terminal");
        if (outputs.Any(output => output.Pushes) && flags.Tags.Values.Count == 0 && !outputs.Any(output => output.Attributes.ContainsKey("name")))
            throw NaruException.Invalid("tag is needed when pushing to registry");
        return outputs;
    }

    /// <summary>--build-arg with a value, or with that of the environment; the configured proxies; SOURCE_DATE_EPOCH.</summary>
    private void ReadArguments()
    {
        foreach (var (name, value) in context.Config.ProxyVariables(context.Engine.Address.Text))
            attributes["build-arg:" + name] = value;
        if (Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH") is { Length: > 0 } epoch)
            attributes["build-arg:SOURCE_DATE_EPOCH"] = epoch;
        ReadPairs("build-arg:", flags.Arguments.Values, "build-arg");
        // How a cache is exported is the exporter's business.
        attributes.Remove("build-arg:BUILDKIT_INLINE_CACHE");
    }

    private void ReadPairs(string prefix, IEnumerable<string> pairs, string flag)
    {
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=');
            var name = equals < 0 ? pair : pair[..equals];
            if (name.Length == 0)
                throw NaruException.Invalid($"invalid value for --{flag}: {GoText.Quote(pair)}");
            if (equals >= 0)
                attributes[prefix + name] = pair[(equals + 1)..];
            else if (prefix == "label:")
                attributes[prefix + name] = "";
            else if (Environment.GetEnvironmentVariable(name) is { } inherited)
                attributes[prefix + name] = inherited;
        }
    }

    private void ReadSteps()
    {
        attributes["image-resolve-mode"] = flags.Pull ? "pull" : "local";
        if (flags.Target.Value.Length > 0)
            attributes["target"] = flags.Target;
        if (flags.NoCache)
            attributes["no-cache"] = "";
        else if (flags.NoCacheFilter.Values.Count > 0)
            attributes["no-cache"] = string.Join(',', flags.NoCacheFilter.Values);
        if (Platforms() is { Count: > 0 } platforms)
            attributes["platform"] = string.Join(',', platforms);
        if (flags.ShmSize.Value > 0)
            attributes["shm-size"] = flags.ShmSize.Value.ToString(CultureInfo.InvariantCulture);
        if (flags.CgroupParent.Value.Length > 0)
            attributes["cgroup-parent"] = flags.CgroupParent;
        var limits = flags.Ulimits.Values.Select(UlimitText.Parse).Select(limit => $"{limit.Name}={limit.Soft}:{limit.Hard}").ToList();
        if (limits.Count > 0)
            attributes["ulimit"] = string.Join(',', limits);
    }

    private void ReadNetwork()
    {
        switch (flags.Network.Value)
        {
            case "" or "default":
                break;
            case "none":
                attributes["force-network-mode"] = "none";
                break;
            case "host":
                attributes["force-network-mode"] = "host";
                entitlements.Add("network.host");
                break;
            case var other:
                throw NaruException.Invalid($"network mode {GoText.Quote(other)} not supported by buildkit: it is one of default, none and host");
        }

        var hosts = new List<string>();
        foreach (var text in flags.AddHosts.Values)
        {
            var at = text.IndexOfAny(['=', ':']);
            if (at <= 0)
                throw NaruException.Invalid($"invalid host {text}");
            var (host, ip) = (text[..at], text[(at + 1)..].Trim('[', ']'));
            if (ip != "host-gateway" && !global::System.Net.IPAddress.TryParse(ip, out _))
                throw NaruException.Invalid($"invalid host {text}");
            hosts.Add($"{host}={ip}");
        }

        if (hosts.Count > 0)
            attributes["add-hosts"] = string.Join(',', hosts);
    }

    /// <summary>--attest type=KIND,…; --sbom and --provenance with "true", "false" or the parameters.</summary>
    private void ReadAttests()
    {
        foreach (var text in flags.Attests.Values)
        {
            var fields = CommaSeparated.Split(text);
            var type = fields.Find(field => field.StartsWith("type=", StringComparison.Ordinal))?[5..] ?? throw NaruException.Invalid("attestation type not specified");
            fields.RemoveAll(field => field.StartsWith("type=", StringComparison.Ordinal));
            Attest(type, string.Join(',', fields));
        }

        if (flags.Sbom.Changed)
            Attest("sbom", flags.Sbom);
        if (flags.Provenance.Changed)
            Attest("provenance", flags.Provenance);
    }

    private void Attest(string type, string parameters)
    {
        attributes.Remove("attest:" + type);
        if (parameters is "false" or "0" or "disabled=true")
            return;
        attributes["attest:" + type] = parameters is "true" or "1" ? "" : parameters;
        attests = true;
    }

    private Dictionary<string, string> NamedContexts()
    {
        var contexts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in flags.Contexts.Values)
        {
            var equals = text.IndexOf('=');
            if (equals <= 0)
                throw NaruException.Invalid($"invalid context value: {text}, expected key=value");
            contexts[text[..equals]] = text[(equals + 1)..];
        }

        return contexts;
    }

    private List<CacheOption> CacheTo()
    {
        var options = flags.CacheTo.Values.Select(CacheOption.Parse).ToList();
        var inline = flags.Arguments.Values.LastOrDefault(argument => argument.StartsWith("BUILDKIT_INLINE_CACHE=", StringComparison.Ordinal));
        if (inline is not null && FlagValues.Bool(inline[22..]) && !options.Exists(option => option.Type == "inline"))
            options.Add(new CacheOption("inline", new Dictionary<string, string>()));
        return options;
    }

    private List<string> Platforms() =>
        [.. flags.Platforms.Values.SelectMany(value => value.Split(',')).Select(value => value.Trim()).Where(value => value.Length > 0).Select(value => value == "local" ? PlatformText.Local : value)];

    /// <summary>`[TYPE[PLATFORM]:]KEY=VALUE` as exporters take them: "annotation-TYPE[PLATFORM].KEY".</summary>
    private Dictionary<string, string> Annotations()
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in flags.Annotations.Values)
        {
            var equals = text.IndexOf('=');
            if (equals <= 0)
                throw NaruException.Invalid($"invalid annotation {GoText.Quote(text)}, expected key=value");
            var (key, value) = (text[..equals], text[(equals + 1)..]);
            var colon = key.IndexOf(':');
            foreach (var type in colon < 0 ? [""] : key[..colon].Split(','))
            {
                if (type.Split('[')[0] is not ("" or "manifest" or "index" or "manifest-descriptor" or "index-descriptor"))
                    throw NaruException.Invalid($"unknown annotation type {GoText.Quote(type)}");
                annotations[$"annotation{(type.Length > 0 ? "-" : "")}{type}.{key[(colon + 1)..]}"] = value;
            }
        }

        return annotations;
    }
}
