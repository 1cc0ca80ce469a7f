using System.Globalization;

namespace ShimStack.Supervisor.Restart;

/// <summary>When a container that has ended is started again, by its exit alone.</summary>
internal enum RestartKind
{
    No,
    OnFailure,
    Always,
    UnlessStopped,
}

/// <summary>A policy as an operator says it: "no", "always", "unless-stopped", "on-failure" or "on-failure:3".</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Retries">Of on-failure: how many restarts at most; 0 for no limit.</param>
internal readonly record struct RestartPolicy(RestartKind Kind, int Retries = 0)
{
    public const string Forms = "no, on-failure[:N], always or unless-stopped";

    private const string OnFailure = "on-failure";

    /// <summary>Null: it is none.</summary>
    public static RestartPolicy? TryParse(string text) => text switch
    {
        "no" => new RestartPolicy(RestartKind.No),
        "always" => new RestartPolicy(RestartKind.Always),
        "unless-stopped" => new RestartPolicy(RestartKind.UnlessStopped),
        OnFailure => new RestartPolicy(RestartKind.OnFailure),
        _ when text.StartsWith(OnFailure + ":", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(OnFailure.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int retries) =>
            new RestartPolicy(RestartKind.OnFailure, retries),
        _ => null,
    };

    public override string ToString() => Kind switch
    {
        RestartKind.No => "no",
        RestartKind.Always => "always",
        RestartKind.UnlessStopped => "unless-stopped",
        _ => Retries == 0 ? OnFailure : string.Create(CultureInfo.InvariantCulture, $"{OnFailure}:{Retries}"),
    };
}
