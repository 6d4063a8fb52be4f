using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Naru.Base;
using Naru.Oci.Runtime;
using Naru.Runtime.SpecValidation;

namespace Naru.Tests.Runtime;

public sealed class SpecParserTests
{
    /// <summary>Every member of every record of config.json, each with a value of its own.</summary>
    private const string Everything = """
        {"ociVersion": "t2", "root": {"path": "t4", "readonly": true}, "hostname": "t6", "domainname": "t7", "mounts": [{"destination": "t10",
        "type": "t11", "source": "t12", "options": ["t14"], "uidMappings": [{"containerID": 17, "hostID": 18, "size": 19}],
        "gidMappings": [{"containerID": 22, "hostID": 23, "size": 24}]}], "process": {"terminal": true, "consoleSize": {"height": 28, "width": 29},
        "user": {"uid": 31, "gid": 32, "umask": 33, "additionalGids": [35], "username": "t36"}, "args": ["t38"], "commandLine": "t39",
        "env": ["t41"], "cwd": "t42", "capabilities": {"bounding": ["t45"], "effective": ["t47"], "inheritable": ["t49"], "permitted": ["t51"],
        "ambient": ["t53"]}, "rlimits": [{"type": "t56", "hard": 57, "soft": 58}], "noNewPrivileges": true, "apparmorProfile": "t60",
        "oomScoreAdj": 61, "scheduler": {"policy": "t63", "nice": 64, "priority": 65, "flags": ["t67"], "runtime": 68, "deadline": 69,
        "period": 70}, "selinuxLabel": "t71", "ioPriority": {"class": "t73", "priority": 74}, "execCPUAffinity": {"initial": "t76",
        "final": "t77"}}, "hooks": {"prestart": [{"path": "t81", "args": ["t83"], "env": ["t85"], "timeout": 86}],
        "createRuntime": [{"path": "t89", "args": ["t91"], "env": ["t93"], "timeout": 94}], "createContainer": [{"path": "t97", "args": ["t99"],
        "env": ["t101"], "timeout": 102}], "startContainer": [{"path": "t105", "args": ["t107"], "env": ["t109"], "timeout": 110}],
        "poststart": [{"path": "t113", "args": ["t115"], "env": ["t117"], "timeout": 118}], "poststop": [{"path": "t121", "args": ["t123"],
        "env": ["t125"], "timeout": 126}]}, "annotations": {"k127": "t128"}, "linux": {"uidMappings": [{"containerID": 132, "hostID": 133,
        "size": 134}], "gidMappings": [{"containerID": 137, "hostID": 138, "size": 139}], "sysctl": {"k140": "t141"},
        "resources": {"devices": [{"allow": true, "type": "t146", "major": 147, "minor": 148, "access": "t149"}], "memory": {"limit": 151,
        "reservation": 152, "swap": 153, "kernel": 154, "kernelTCP": 155, "swappiness": 156, "disableOOMKiller": true, "useHierarchy": true,
        "checkBeforeUpdate": true}, "cpu": {"shares": 161, "quota": 162, "burst": 163, "period": 164, "realtimeRuntime": 165,
        "realtimePeriod": 166, "cpus": "t167", "mems": "t168", "idle": 169}, "pids": {"limit": 171}, "blockIO": {"weight": 173, "leafWeight": 174,
        "weightDevice": [{"major": 177, "minor": 178, "weight": 179, "leafWeight": 180}], "throttleReadBpsDevice": [{"major": 183, "minor": 184,
        "rate": 185}], "throttleWriteBpsDevice": [{"major": 188, "minor": 189, "rate": 190}], "throttleReadIOPSDevice": [{"major": 193,
        "minor": 194, "rate": 195}], "throttleWriteIOPSDevice": [{"major": 198, "minor": 199, "rate": 200}]},
        "hugepageLimits": [{"pageSize": "t203", "limit": 204}], "network": {"classID": 206, "priorities": [{"name": "t209", "priority": 210}]},
        "rdma": {"k211": {"hcaHandles": 213, "hcaObjects": 214}}, "unified": {"k215": "t216"}}, "cgroupsPath": "t217",
        "namespaces": [{"type": "t220", "path": "t221"}], "devices": [{"path": "t224", "type": "t225", "major": 226, "minor": 227, "fileMode": 228,
        "uid": 229, "gid": 230}], "seccomp": {"defaultAction": "t232", "defaultErrnoRet": 233, "architectures": ["t235"], "flags": ["t237"],
        "listenerPath": "t238", "listenerMetadata": "t239", "syscalls": [{"names": ["t243"], "action": "t244", "errnoRet": 245,
        "args": [{"index": 248, "value": 249, "valueTwo": 250, "op": "t251"}]}]}, "rootfsPropagation": "t252", "maskedPaths": ["t254"],
        "readonlyPaths": ["t256"], "mountLabel": "t257", "intelRdt": {"closID": "t259", "schemata": ["t270"], "l3CacheSchema": "t260",
        "memBwSchema": "t261", "enableCMT": true, "enableMBM": true, "enableMonitoring": true}, "netDevices": {"k271": {"name": "t272"}},
        "memoryPolicy": {"mode": "t273", "nodes": "t274", "flags": ["t275"]},
        "personality": {"domain": "t263", "flags": ["t265"]}, "timeOffsets": {"k266": {"secs": 268, "nanosecs": 269}}}}
        """;

    [Fact]
    public void Every_member_is_read() =>
        // What the serializer writes of the records is what was read into them: a member that the parser passes over would be missing.
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Everything), JsonSerializer.SerializeToNode(Parse(Everything), SpecJson.Default.Spec)));

    [Fact]
    public void The_sample_of_every_member_is_complete()
    {
        var written = JsonSerializer.Serialize(JsonSerializer.Deserialize(Everything, SpecJson.Default.Spec), SpecJson.Default.Spec);
        foreach (var type in typeof(Spec).Assembly.GetTypes().Where(type => type.Namespace == typeof(Spec).Namespace && type.IsSealed && type != typeof(Naru.Oci.Runtime.State)))
        {
            foreach (var property in type.GetProperties().SelectMany(property => property.GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonPropertyNameAttribute), false)))
                Assert.Contains($"\"{((System.Text.Json.Serialization.JsonPropertyNameAttribute)property).Name}\":", written);
        }
    }

    [Fact]
    public void Unknown_members_and_nulls_are_passed_over()
    {
        var spec = Parse("""{"new": {"deep": [1, {"x": null}]}, "hostname": null, "process": {"args": ["a"], "user": null, "vm": []}, "linux": null}""");
        Assert.Equal(["a"], spec.Process!.Args);
        Assert.Null(spec.Hostname);
        Assert.Null(spec.Linux);
        Assert.Null(spec.Process.User);
    }

    [Fact]
    public void Escapes_are_resolved_in_names_and_values() =>
        Assert.Equal("h\u00e9\"\n", Parse("""{"host\u006eame": "h\u00e9\"\n"}""").Hostname);

    [Theory]
    [InlineData("""{"process": {"args": "true"}}""", "\"args\" must be an array")]
    [InlineData("""{"process": {"args": [1]}}""", "\"args\" must be an array of strings")]
    [InlineData("""{"process": {"user": {"uid": -1}}}""", "\"uid\" must be a number from 0 to 4294967295")]
    [InlineData("""{"process": {"terminal": "yes"}}""", "\"terminal\" must be true or false")]
    [InlineData("""{"hostname": {}}""", "\"hostname\" must be a string")]
    [InlineData("""{"mounts": [[]]}""", "\"mounts\" must be an array of objects")]
    [InlineData("""{"linux": {"resources": {"memory": {"limit": 1.5}}}}""", "\"limit\" must be a whole number")]
    [InlineData("null", "null is no object")]
    public void A_value_of_another_kind_is_named(string document, string message) =>
        Assert.Equal(message, Assert.Throws<NaruException>(() => Parse(document)).Message);

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{} {}")]
    [InlineData("{\"a\" 1}")]
    public void What_is_no_JSON_is_refused(string document) => Assert.ThrowsAny<JsonException>(() => Parse(document));

    private static Spec Parse(string document) => JsonCursor.Whole(Encoding.UTF8.GetBytes(document), SpecParser.SpecOf);
}
