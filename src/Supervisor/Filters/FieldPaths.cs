using Google.Protobuf.Collections;

namespace ShimStack.Supervisor.Filters;

/// <summary>What the fields of all objects have in common for filters.</summary>
internal static class FieldPaths
{
    /// <summary>An empty text counts as absent.</summary>
    public static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;

    /// <summary>The label that the rest of a path "labels.…" names: its parts joined by dots, so that labels.a.b is labels."a.b". An empty one is present.</summary>
    public static string? Label(MapField<string, string> labels, ReadOnlySpan<string> path) =>
        labels.Count > 0 && labels.TryGetValue(string.Join(".", path[1..]), out string? value) ? value : null;
}
