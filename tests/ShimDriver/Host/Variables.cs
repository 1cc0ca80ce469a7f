namespace ShimStack.ShimDriver.Host;

/// <summary>Environment variables.</summary>
public static class Variables
{
    /// <summary>Both; the second one's count where both have a name.</summary>
    public static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second)
    {
        var all = new Dictionary<string, string>(first);
        foreach ((string name, string value) in second)
        {
            all[name] = value;
        }

        return all;
    }
}
