using System.CommandLine;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Commands;

/// <summary>What `run` says of the container around the process.</summary>
internal sealed class ContainerOptions
{
    private readonly Option<string> _hostname = new("--hostname") { Description = "What it calls itself; by default its name", HelpName = "name" };
    private readonly Option<bool> _readOnly = new("--read-only") { Description = "Nothing is written to its root file system" };
    private readonly Option<string[]> _add = new("--cap-add") { Description = "A capability more, such as NET_ADMIN, or ALL", HelpName = "name" };
    private readonly Option<string[]> _drop = new("--cap-drop") { Description = "A capability less, or ALL", HelpName = "name" };
    private readonly Option<string[]> _volume = new("--volume", "-v") { Description = "A mount of a folder or file: /here:/there, or with :ro", HelpName = "mount" };

    public void AddTo(Command command)
    {
        command.Add(_hostname);
        command.Add(_readOnly);
        command.Add(_add);
        command.Add(_drop);
        command.Add(_volume);
    }

    public RunSettings Apply(ParseResult result, RunSettings settings) => settings with
    {
        Hostname = result.GetValue(_hostname),
        IsReadOnly = result.GetValue(_readOnly),
        AddedCapabilities = [.. (result.GetValue(_add) ?? []).Select(name => Capabilities.Checked("--cap-add", name))],
        DroppedCapabilities = [.. (result.GetValue(_drop) ?? []).Select(name => Capabilities.Checked("--cap-drop", name))],
        Mounts = [.. settings.Mounts, .. (result.GetValue(_volume) ?? []).Select(MountText.ParseVolume)],
    };
}
