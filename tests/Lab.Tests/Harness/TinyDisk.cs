// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>
/// A folder of a host on a small file system of its own (ext4 in a file), seen by that host only, so that its disk can be full. Whoever
/// writes into the folder must not run while it is mounted and dismounted.
/// </summary>
public sealed class TinyDisk : IAsyncDisposable
{
    private readonly Lab _lab;
    private readonly string _host;
    private readonly string _folder;
    private readonly string _image;

    private TinyDisk(Lab lab, string host, string folder)
    {
        _lab = lab;
        _host = host;
        _folder = folder;
        _image = Path.Combine(lab.Directory, $"{host}-{Path.GetFileName(folder)}.ext4");
    }

    private string Filler => $"{_folder}/filler";

    /// <summary>Moves the folder's content to a disk of this size and mounts that over the folder.</summary>
    public static async Task<TinyDisk> MountAsync(Lab lab, string host, string folder, int megabytes)
    {
        var disk = new TinyDisk(lab, host, folder);
        // Without a journal and reserved blocks: all of it is there to be filled.
        await disk.RunAsync($"""
            rm -f {disk._image}; truncate -s {megabytes}M {disk._image}
            mkfs.ext4 -q -m 0 -O ^has_journal {disk._image}
            mkdir -p /run/tiny; mount -o loop {disk._image} /run/tiny
            cp -a {folder}/. /run/tiny/; chmod --reference={folder} /run/tiny
            umount /run/tiny; mount -o loop {disk._image} {folder}
            """);
        return disk;
    }

    /// <summary>Fills it to the last block: what was only reserved for a write is given back when that is on the disk.</summary>
    public Task FillAsync() => RunAsync($"""
        for round in 1 2 3; do dd if=/dev/zero of={Filler} bs=1k oflag=append conv=notrunc 2>/dev/null || true; sync {Filler}; done
        """);

    /// <summary>What filled it is deleted.</summary>
    public Task FreeAsync() => RunAsync($"rm -f {Filler}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await RunAsync($"""
        rm -f {Filler}; umount -l {_folder}; mount -o loop {_image} /run/tiny
        cp -a /run/tiny/. {_folder}/; umount /run/tiny; rm -f {_image}
        """);

    private async Task RunAsync(string script) => await _lab.ShellAsync(_host, script);
}
