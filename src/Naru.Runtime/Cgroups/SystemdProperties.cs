using System.Globalization;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.DBus;
using Naru.Runtime.Init;

namespace Naru.Runtime.Cgroups;

/// <summary>config.json's resources as properties of a unit (systemd.resource-control(5)), as far as systemd has them; the rest is written to the cgroup's files alone.</summary>
internal sealed class SystemdProperties
{
    private readonly List<(string Name, DBusValue Value)> _list = [];

    public IReadOnlyList<(string Name, DBusValue Value)> List => _list;

    /// <summary>What any container's unit is.</summary>
    public static SystemdProperties OfUnit(SystemdUnit unit, string id, int pid, IReadOnlyDictionary<string, string>? annotations)
    {
        var properties = new SystemdProperties();
        properties.Add("Description", DBusValue.Of($"libcontainer container {id}"));
        if (unit.IsSlice)
        {
            properties.Add("Wants", DBusValue.Of([unit.Slice]));
        }
        else
        {
            properties.Add("Slice", DBusValue.Of(unit.Slice));
            properties.Add("Delegate", DBusValue.Of(true));
            properties.Add("PIDs", DBusValue.Of([(uint)pid]));
        }

        foreach (var kind in (ReadOnlySpan<string>)["Memory", "CPU", "IO", "Tasks"])
            properties.Add($"{kind}Accounting", DBusValue.Of(true));
        properties.Add("DefaultDependencies", DBusValue.Of(false));
        foreach (var (name, value) in OfAnnotations(annotations))
            properties.Add(name, value);
        return properties;
    }

    /// <summary>Limits, in v2's terms or in v1's.</summary>
    public SystemdProperties WithLimits(Resources? resources, bool unified)
    {
        if (resources is null)
            return this;
        AddMemory(resources.Memory, unified);
        AddCpu(resources.Cpu, unified);
        if (resources.Pids is { Limit: not 0 } pids)
            Add("TasksMax", DBusValue.Of(pids.Limit > 0 ? (ulong)pids.Limit : ulong.MaxValue));
        if (resources.BlockIo?.Weight is { } weight and not 0)
        {
            if (unified)
                Add("IOWeight", DBusValue.Of(UnifiedValues.IoWeightOf(weight)));
            else
                Add("BlockIOWeight", DBusValue.Of((ulong)weight));
        }

        foreach (var (file, value) in resources.Unified ?? new Dictionary<string, string>())
            AddUnified(file, value.Trim(), resources.Unified!);
        return this;
    }

    /// <summary>Device rules as a list of what is allowed at least. Systemd knows no more than such a list, and puts it into force anew at each update and each of its reloads;
    /// what else the rules say, the cgroup's own program does beside it.</summary>
    public SystemdProperties WithDevices(IReadOnlyList<DeviceRule>? configured)
    {
        var rules = DeviceRules.Of(configured);
        Add("DevicePolicy", DBusValue.Of(rules[0].Allow ? "auto" : "strict"));
        // Empty first: what is said next is added to what was there.
        Add("DeviceAllow", new DBusValue.Array("(ss)", []));
        if (!rules[0].Allow)
            Add("DeviceAllow", new DBusValue.Array("(ss)", rules.Skip(1).Where(rule => rule.Allow).Select(DeviceOf).ToList<DBusValue>()));
        return this;
    }

    /// <summary>Annotations «org.systemd.property.NAME», values as <see cref="VariantText"/> reads them; «…Sec» is told in microseconds, as «…USec».</summary>
    /// <exception cref="NaruException">InvalidArgument, by the annotation.</exception>
    public static IReadOnlyList<(string Name, DBusValue Value)> OfAnnotations(IReadOnlyDictionary<string, string>? annotations)
    {
        const string prefix = "org.systemd.property.";
        var properties = new List<(string, DBusValue)>();
        foreach (var (key, text) in annotations ?? new Dictionary<string, string>())
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            var name = key[prefix.Length..];
            if (name.Length < 3)
                throw NaruException.Invalid($"annotation {key} name incorrect: too short");
            if (!name.All(char.IsAsciiLetter))
                throw NaruException.Invalid($"annotation {key} name incorrect: contains non-alphabetic character");
            try
            {
                var value = VariantText.Parse(text);
                var seconds = name.Length > 3 && name.EndsWith("Sec", StringComparison.Ordinal) && char.IsAsciiLetterLower(name[^4]);
                properties.Add(seconds ? ($"{name[..^3]}USec", DBusValue.Of(MicrosecondsOf(value))) : (name, value));
            }
            catch (NaruException failure)
            {
                throw new NaruException(ErrorKind.InvalidArgument, $"annotation {key}={text} value parse error: {failure.Message}", failure);
            }
        }

        return properties;
    }

    /// <summary>A list of CPUs or memory nodes as a mask, the first eight in the first byte.</summary>
    public static byte[] MaskOf(string list)
    {
        var numbers = NumberList.Parse(list, "invalid CPU or memory set", limit: 8192);
        var mask = new byte[numbers.Count == 0 ? 0 : numbers.Max() / 8 + 1];
        foreach (var number in numbers)
            mask[number / 8] |= (byte)(1 << (number % 8));
        return mask;
    }

    private void AddMemory(MemoryResources? memory, bool unified)
    {
        if (memory?.Limit is { } limit and not 0)
            Add(unified ? "MemoryMax" : "MemoryLimit", DBusValue.Of((ulong)limit));
        if (!unified)
            return;
        if (memory?.Reservation is { } reservation and not 0)
            Add("MemoryLow", DBusValue.Of((ulong)reservation));
        if (UnifiedValues.SwapOf(memory) is { } swap)
            Add("MemorySwapMax", DBusValue.Of(Amount("memory.swap", swap)));
    }

    private void AddCpu(CpuResources? cpu, bool unified)
    {
        if (cpu is null)
            return;
        // A weight of 0 is systemd's word for cpu.idle.
        if (unified && cpu.Idle == 1)
            Add("CPUWeight", DBusValue.Of(0ul));
        else if (cpu.Shares is { } shares and not 0)
            Add(unified ? "CPUWeight" : "CPUShares", DBusValue.Of(unified ? UnifiedValues.WeightOf(shares) : shares));
        AddQuota(cpu.Quota ?? 0, cpu.Period ?? 0);
        if (cpu.Cpus is { Length: > 0 } cpus)
            Add("AllowedCPUs", DBusValue.Of(MaskOf(cpus)));
        if (cpu.Mems is { Length: > 0 } mems)
            Add("AllowedMemoryNodes", DBusValue.Of(MaskOf(mems)));
    }

    private void AddQuota(long quota, ulong period)
    {
        if (period != 0)
            Add("CPUQuotaPeriodUSec", DBusValue.Of(period));
        if (quota == 0 && period == 0)
            return;
        var perSecond = ulong.MaxValue;
        if (quota > 0)
        {
            // systemd keeps whole percents: rounded up, so that what a cgroup below asks for fits.
            perSecond = (ulong)quota * 1_000_000 / (period == 0 ? UnifiedValues.DefaultPeriod : period);
            perSecond = (perSecond + 9999) / 10000 * 10000;
        }

        Add("CPUQuotaPerSecUSec", DBusValue.Of(perSecond));
    }

    private void AddUnified(string file, string value, IReadOnlyDictionary<string, string> all)
    {
        switch (file)
        {
            case "cpu.idle" when value == "1":
                Add("CPUWeight", DBusValue.Of(0ul));
                break;
            case "cpu.weight" when all.GetValueOrDefault("cpu.idle")?.Trim() != "1":
                Add("CPUWeight", DBusValue.Of(Amount(file, value)));
                break;
            case "cpu.max":
                if (value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var quota, .. var period] || period.Length > 1)
                    throw NaruException.Invalid($"unified resource \"{file}\" value invalid: \"{value}\"");
                AddQuota(quota == "max" ? 0 : (long)Amount(file, quota), period.Length == 0 ? UnifiedValues.DefaultPeriod : Amount(file, period[0]));
                break;
            case "cpuset.cpus" or "cpuset.mems":
                Add(file == "cpuset.cpus" ? "AllowedCPUs" : "AllowedMemoryNodes", DBusValue.Of(MaskOf(value)));
                break;
            case "memory.high" or "memory.low" or "memory.min" or "memory.max":
                Add($"Memory{char.ToUpperInvariant(file[7])}{file[8..]}", DBusValue.Of(Amount(file, value)));
                break;
            case "memory.swap.max":
                Add("MemorySwapMax", DBusValue.Of(Amount(file, value)));
                break;
            case "pids.max":
                Add("TasksMax", DBusValue.Of(Amount(file, value)));
                break;
        }
    }

    /// <summary>systemd-oomd's part of memory.oom.group, told when the unit is made.</summary>
    public SystemdProperties WithOutOfMemoryPolicy(Resources? resources)
    {
        if (resources?.Unified?.GetValueOrDefault("memory.oom.group") is { } group)
            Add("OOMPolicy", DBusValue.Of(Amount("memory.oom.group", group.Trim()) == 0 ? "continue" : "kill"));
        return this;
    }

    private void Add(string name, DBusValue value) => _list.Add((name, value));

    private static ulong Amount(string file, string value) => value == "max" ? ulong.MaxValue
        : ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw NaruException.Invalid($"unified resource \"{file}\" value conversion error: \"{value}\" is no number");

    /// <summary>A rule as systemd says it. One minor of every major it cannot: that is every device of the kind.</summary>
    private static DBusValue.Struct DeviceOf(DeviceRule rule)
    {
        var (kind, major, minor) = (rule.Type == "b" ? "block" : "char", rule.Major ?? -1, rule.Minor ?? -1);
        var path = major < 0 ? $"{kind}-*" : minor < 0 ? $"{kind}-{major}" : $"/dev/{kind}/{major}:{minor}";
        return new DBusValue.Struct([DBusValue.Of(path), DBusValue.Of(rule.Access ?? "")]);
    }

    private static ulong MicrosecondsOf(DBusValue value)
    {
        const ulong million = 1_000_000;
        if (value is not DBusValue.Number number || number.Type == 'b')
            throw NaruException.Invalid("not a number");
        return number.Type == 'd' ? (ulong)(BitConverter.UInt64BitsToDouble(number.Bits) * million) : number.Bits * million;
    }
}
