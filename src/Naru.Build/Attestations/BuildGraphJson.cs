using System.Globalization;
using System.Text.Json;
using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Oci;

namespace Naru.Build.Attestations;

/// <summary>A build's steps as BuildKit's provenance tells them: in the shape of its low-level definition (LLB).</summary>
/// <remarks>pb.Op as JSON. The steps are ours: where BuildKit would have a step more or less, so is it here.</remarks>
internal sealed class BuildGraphJson(Utf8JsonWriter writer, StepOrder order)
{
    /// <summary>Writes <c>llbDefinition</c> and <c>digestMapping</c> into the object that is open.</summary>
    public void Write()
    {
        writer.WriteStartArray("llbDefinition");
        for (var number = 0; number < order.Steps.Count; number++)
            Write(order.Steps[number], number);
        if (order.Steps.Count > 0)
            WriteEnd();
        writer.WriteEndArray();
        writer.WriteStartObject("digestMapping");
        for (var number = 0; number < order.Steps.Count; number++)
            writer.WriteString(order.Steps[number].Digest.ToString(), Name(number));
        if (order.Steps.Count > 0)
            writer.WriteString(EndDigest().ToString(), Name(order.Steps.Count));
        writer.WriteEndObject();
    }

    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"step{number}");

    private Digest EndDigest()
    {
        var definition = new DefinitionWriter();
        definition.Add("result");
        definition.Add(order.Steps[^1].Digest.ToString());
        return definition.Finish();
    }

    private void Write(Step step, int number)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Name(number));
        writer.WriteStartObject("op");
        writer.WriteStartObject("Op");
        switch (step)
        {
            case RunStep run:
                Write(run);
                break;
            case FileStep file:
                Write(file);
                break;
            case MergeStep merge:
                Write(merge);
                break;
            default:
                WriteSource(step);
                break;
        }

        writer.WriteEndObject();
        if (step is ImageStep or RunStep)
        {
            writer.WriteStartObject("platform");
            writer.WriteString("Architecture", step.Platform.Architecture);
            writer.WriteString("OS", step.Platform.Os);
            Optional("Variant", step.Platform.Variant);
            writer.WriteEndObject();
        }

        writer.WriteStartObject("constraints");
        writer.WriteEndObject();
        writer.WriteEndObject();
        if (step.Inputs.Count > 0)
        {
            writer.WriteStartArray("inputs");
            foreach (var input in step.Inputs)
                writer.WriteStringValue(Name(order.NumberOf(input)) + ":0");
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>The step that stands for the result.</summary>
    private void WriteEnd()
    {
        writer.WriteStartObject();
        writer.WriteString("id", Name(order.Steps.Count));
        writer.WriteStartObject("op");
        writer.WriteStartObject("Op");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartArray("inputs");
        writer.WriteStringValue(Name(order.Steps.Count - 1) + ":0");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteSource(Step step)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var identifier = step switch
        {
            ImageStep image => Identify(image),
            ContextStep context => Identify(context, attributes),
            HttpStep http => Identify(http, attributes),
            GitStep git => Identify(git, attributes),
            GivenStep given => "input:" + given.Result.Identity,
            _ => step.GetType().Name,
        };
        writer.WriteStartObject("source");
        writer.WriteString("identifier", identifier);
        if (attributes.Count > 0)
        {
            writer.WriteStartObject("attrs");
            foreach (var (name, value) in attributes)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static string Identify(ImageStep step)
    {
        var reference = ImageReference.Parse(step.Image.Reference);
        return (step.Image.IsLayout ? Sources.LayoutSource.Scheme : "docker-image://") + (reference.Digest.IsEmpty ? reference.WithDigest(step.Image.Target) : reference);
    }

    private static string Identify(ContextStep step, SortedDictionary<string, string> attributes)
    {
        if (step.Follow.Count > 0)
            attributes["local.followpaths"] = List(step.Follow);
        if (step.Exclude.Count > 0)
            attributes["local.excludepatterns"] = List(step.Exclude);
        attributes["local.sharedkeyhint"] = step.Local;
        return "local://" + step.Local;
    }

    private static string Identify(HttpStep step, SortedDictionary<string, string> attributes)
    {
        attributes["http.filename"] = step.FileName;
        if (!step.Checksum.IsEmpty)
            attributes["http.checksum"] = step.Checksum.ToString();
        if (step.Mode is { } mode)
            attributes["http.perm"] = "0" + Convert.ToString(mode, 8);
        return UrlCredentials.Hide(step.Url);
    }

    private static string Identify(GitStep step, SortedDictionary<string, string> attributes)
    {
        var remote = UrlCredentials.Hide(step.Remote);
        attributes["git.fullurl"] = remote;
        if (step.KeepGitFolder)
            attributes["git.keepgitdir"] = "true";
        if (step.Checksum.Length > 0)
            attributes["git.checksum"] = step.Checksum;
        var scheme = remote.IndexOf("://", StringComparison.Ordinal);
        var fragment = step.Subfolder.Length > 0 ? $"#{step.Ref}:{step.Subfolder}" : step.Ref.Length > 0 ? "#" + step.Ref : "";
        return "git://" + (scheme < 0 ? remote : remote[(scheme + 3)..]) + fragment;
    }

    private static string List(IReadOnlyList<string> values)
    {
        using var bytes = new MemoryStream();
        using (var list = new Utf8JsonWriter(bytes, Statement.Options(indented: false)))
        {
            list.WriteStartArray();
            foreach (var value in values)
                list.WriteStringValue(value);
            list.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private void Write(RunStep step)
    {
        writer.WriteStartObject("exec");
        writer.WriteStartObject("meta");
        Strings("args", step.Arguments);
        Strings("env", step.Environment);
        writer.WriteString("cwd", step.WorkingFolder);
        Optional("user", step.User);
        Optional("hostname", step.Hostname);
        if (step.ExtraHosts.Count > 0)
        {
            writer.WriteStartArray("extraHosts");
            foreach (var host in step.ExtraHosts)
            {
                var colon = host.IndexOf(':');
                writer.WriteStartObject();
                writer.WriteString("Host", host[..colon]);
                writer.WriteString("IP", host[(colon + 1)..]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        Strings("ulimit", step.Ulimits);
        Optional("cgroupParent", step.CgroupParent);
        writer.WriteBoolean("removeMountStubsRecursive", true);
        writer.WriteEndObject();
        writer.WriteStartArray("mounts");
        Mount("/", step.PlaceOf(step.Root));
        writer.WriteEndObject();
        foreach (var mount in step.Mounts)
            Write(step, mount);
        writer.WriteEndArray();
        if (step.Network != RunNetwork.Default)
            writer.WriteNumber("network", step.Network == RunNetwork.Host ? 1 : 2);
        if (step.Insecure)
            writer.WriteNumber("security", 1);
        writer.WriteEndObject();
    }

    private void Write(RunStep step, RunMount mount)
    {
        Mount(mount.Target, step.PlaceOf(mount.From));
        writer.WriteNumber("output", -1);
        if (mount.Source != "/")
            writer.WriteString("selector", mount.Source);
        switch (mount.Kind)
        {
            case RunMountKind.Bind:
                if (!mount.Writable)
                    writer.WriteBoolean("readonly", true);
                break;
            case RunMountKind.Secret:
                writer.WriteNumber("mountType", 1);
                WriteLent("secretOpt", mount, 0x100);
                break;
            case RunMountKind.Ssh:
                writer.WriteNumber("mountType", 2);
                WriteLent("SSHOpt", mount, 0x180);
                break;
            case RunMountKind.Cache:
                writer.WriteNumber("mountType", 3);
                writer.WriteStartObject("cacheOpt");
                writer.WriteString("ID", mount.Id);
                if (mount.Sharing != CacheSharing.Shared)
                    writer.WriteNumber("sharing", (int)mount.Sharing);
                writer.WriteEndObject();
                break;
            default:
                writer.WriteNumber("mountType", 4);
                writer.WriteStartObject("TmpfsOpt");
                if (mount.Size > 0)
                    writer.WriteNumber("size", mount.Size);
                writer.WriteEndObject();
                break;
        }

        writer.WriteEndObject();
    }

    /// <summary>A secret or an agent: its name, never what is in it.</summary>
    private void WriteLent(string name, RunMount mount, int mode)
    {
        writer.WriteStartObject(name);
        writer.WriteString("ID", mount.Id);
        if (mount.Uid != 0)
            writer.WriteNumber("uid", mount.Uid);
        if (mount.Gid != 0)
            writer.WriteNumber("gid", mount.Gid);
        writer.WriteNumber("mode", mount.Mode ?? mode);
        if (!mount.Required)
            writer.WriteBoolean("optional", true);
        writer.WriteEndObject();
    }

    /// <summary>Begins a mount; the caller ends it.</summary>
    private void Mount(string target, int input)
    {
        writer.WriteStartObject();
        if (input != 0)
            writer.WriteNumber("input", input);
        writer.WriteString("dest", target);
    }

    private void Write(FileStep step)
    {
        writer.WriteStartObject("file");
        writer.WriteStartArray("actions");
        for (var number = 0; number < step.Actions.Count; number++)
        {
            var action = step.Actions[number];
            writer.WriteStartObject();
            // Each action changes what the one before it made; BuildKit counts those after the inputs.
            writer.WriteNumber("input", number == 0 ? step.PlaceOf(step.Root) : step.Inputs.Count + number - 1);
            writer.WriteNumber("secondaryInput", step.PlaceOf((action as CopyAction)?.From));
            writer.WriteNumber("output", number == step.Actions.Count - 1 ? 0 : -1);
            writer.WriteStartObject("Action");
            FileActionJson.Write(writer, action);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void Write(MergeStep step)
    {
        writer.WriteStartObject("merge");
        writer.WriteStartArray("inputs");
        for (var number = 0; number < step.Parts.Count; number++)
        {
            writer.WriteStartObject();
            if (number > 0)
                writer.WriteNumber("input", number);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void Strings(string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private void Optional(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            writer.WriteString(name, value);
    }
}
