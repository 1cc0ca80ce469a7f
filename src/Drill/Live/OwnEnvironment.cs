using System.Collections;

namespace ShimStack.Drill.Live;

/// <summary>The environment of this process, for programs that the user could have started as well.</summary>
internal static class OwnEnvironment
{
    public static IReadOnlyList<string> Words { get; } =
        [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(static pair => $"{pair.Key}={pair.Value}")];
}
