namespace ShimStack.Compatibility;

/// <summary>What a test can run against, in the table's order, and what that is called there.</summary>
internal static class Column
{
    private static readonly (string Key, string Title)[] Known =
    [
        ("1.6", "containerd 1.6"), ("1.7", "containerd 1.7"), ("2.x", "containerd 2.x"),
        ("shimstackd", "shimstackd"), ("runc", "runc"), ("crun", "crun"),
        ("docker-old", "docker-old"), ("docker-new", "docker-new"),
        ("docker-old-shimstackd", "docker-old over shimstackd"), ("docker-new-shimstackd", "docker-new over shimstackd"),
        ("cri-1.6", "cri-1.6"), ("cri-1.7", "cri-1.7"), ("cri-2.x", "cri-2.x"),
        ("vm-cgroup2", "vm-cgroup2"), ("vm-systemd", "vm-systemd"),
    ];

    public static bool IsKnown(string key) => Known.Any(column => column.Key == key);

    public static string Title(string key) => Known.FirstOrDefault(column => column.Key == key).Title ?? key;

    /// <summary>The key of a title in a written table.</summary>
    public static string Key(string title) => Known.FirstOrDefault(column => column.Title == title).Key ?? title;

    /// <summary>Known columns in their order, then the others by name.</summary>
    public static IReadOnlyList<string> Sort(IEnumerable<string> keys) =>
        [.. keys.Distinct().OrderBy(Position).ThenBy(key => key, StringComparer.Ordinal)];

    private static int Position(string key)
    {
        int index = Array.FindIndex(Known, column => column.Key == key);
        return index < 0 ? Known.Length : index;
    }
}
