namespace ShimStack.Supervisor.Configuration;

/// <summary>One of <see cref="SupervisorSettings"/>, as a key of the file and as a flag.</summary>
/// <param name="Name">Its name, for both.</param>
/// <param name="IsNumber">Whether the file has a number for it; otherwise a text.</param>
/// <param name="Help">What it is, in one sentence without its end.</param>
/// <param name="Get">Reads it; null if it is not set.</param>
/// <param name="With">Sets it from its text, or throws a <see cref="FormatException"/> with the reason.</param>
internal sealed record Setting(
    string Name, bool IsNumber, string Help, Func<SupervisorSettings, string?> Get, Func<SupervisorSettings, string, SupervisorSettings> With);
