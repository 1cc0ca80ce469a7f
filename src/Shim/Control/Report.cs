namespace ShimStack.Shim.Control;

/// <summary>
/// Where a report on the shim goes, item by item: a message for a program, or lines for a person. So both say the same, and nothing is built
/// in between: the generated types of the message would be 0.1 MB of the binary.
/// </summary>
internal abstract class Report
{
    /// <summary>Begins an item, inside of the one that was begun last.</summary>
    public abstract void Begin(int field, string about);

    public abstract void End();

    /// <summary>Empty is left out.</summary>
    public abstract void Text(int field, string key, string? value);

    /// <summary>0 is left out.</summary>
    public abstract void Number(int field, string key, long value);

    /// <summary>A number in the message, in milliseconds.</summary>
    public abstract void Time(int field, string key, TimeSpan value);

    /// <summary>False is left out.</summary>
    public void Flag(int field, string key, bool value) => Number(field, key, value ? 1 : 0);
}
