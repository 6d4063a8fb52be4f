namespace System.Runtime;

/// <summary>Gives a method a name for the linker, and no code of the runtime's around it: the compiler knows this attribute by its name.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entry) : Attribute
{
    public string Entry { get; } = entry;
}
