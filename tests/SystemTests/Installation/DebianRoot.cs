using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Installation;

/// <summary>
/// A root of the test's own for dpkg: busybox, what our package depends on by name, and a systemctl that notes what it is asked, and whether our unit is
/// enabled and active. The machine's packages are not touched.
/// </summary>
internal sealed class DebianRoot : IDisposable
{
    private static readonly (string Name, string Version)[] There = [("libc6", "2.36-9"), ("runc", "1.1.5")];

    private const string Systemctl = """
        #!/bin/sh
        echo "$@" >>/calls
        link=/etc/systemd/system/multi-user.target.wants/shimstackd.service active=/run/systemd/shimstackd.active
        case $1 in
        enable) ln -s /usr/lib/systemd/system/shimstackd.service $link && touch $active ;;
        disable) rm -f $link $active ;;
        start) touch $active ;;
        stop) rm -f $active ;;
        is-active) [ -e $active ] ;;
        is-enabled) [ -L $link ] ;;
        esac

        """;

    private DebianRoot()
    {
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("shimstack-dpkg-").FullName;

    /// <summary>Where systemd looks for what it starts at boot.</summary>
    public string Enablement => Path.Combine(Folder, "etc/systemd/system/multi-user.target.wants");

    private string Calls => Path.Combine(Folder, "calls");

    public static async Task<DebianRoot> CreateAsync()
    {
        DaemonLine.RequireProgram("/usr/bin/dpkg-deb", "dpkg");
        DebianRoot root = new();
        await Rootfs.BuildAsync(root.Folder);
        foreach (string folder in (string[])["usr/bin", "run/systemd/system", root.Enablement, "var/lib/dpkg/info", "var/lib/dpkg/updates"])
        {
            Directory.CreateDirectory(Path.Combine(root.Folder, folder));
        }

        foreach (string file in (string[])["etc/hostname", "usr/bin/other"])
        {
            await File.WriteAllTextAsync(Path.Combine(root.Folder, file), "somebody else's"); // else the folders were nobody's, and went
        }

        await File.WriteAllTextAsync(Path.Combine(root.Folder, "var/lib/dpkg/status"), string.Concat(There.Select(package =>
            $"Package: {package.Name}\nStatus: install ok installed\nArchitecture: amd64\nMaintainer: nobody\nVersion: {package.Version}\nDescription: there\n\n")));
        string systemctl = Path.Combine(root.Folder, "bin/systemctl");
        ProgramFile.Write(systemctl, Systemctl);
        await File.WriteAllTextAsync(root.Calls, "");
        (await Command.RunAsync("mknod", [Path.Combine(root.Folder, "dev/null"), "c", "1", "3"])).MustSucceed();
        return root;
    }

    /// <summary>Runs dpkg with this root, and tells what systemctl was asked meanwhile.</summary>
    public async Task<(CommandResult Result, string Calls)> DpkgAsync(params string[] arguments)
    {
        CommandResult result = await Command.RunAsync("dpkg", [$"--root={Folder}", $"--log={Folder}/var/lib/dpkg/log", "--force-confold", "--force-unsafe-io", .. arguments]);
        string calls = string.Join('|', (await File.ReadAllLinesAsync(Calls)).Select(line => line.Replace(" shimstackd.service", "", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(Calls, "");
        return (result, calls);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
