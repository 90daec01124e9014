// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Shared.Tests.Hosting.Security;

public sealed class SecretBoxTests
{
    private const string Where = "cm/v1/secrets/ca";
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("the key of the authority");

    [Fact]
    public void Box_opens_with_its_key_at_its_place()
    {
        var key = ClusterKey.Create();
        var box = new SecretBox(key).Close(Plain, Where);

        Assert.Equal(Plain, new SecretBox(ClusterKey.FromBytes(key.Reveal())).TryOpen(box, Where, out var problem));
        Assert.Null(problem);
        Assert.DoesNotContain("authority", Encoding.Latin1.GetString(box));
    }

    [Fact]
    public void Same_secret_closes_differently_each_time()
    {
        var boxes = new SecretBox(ClusterKey.Create());
        Assert.NotEqual(boxes.Close(Plain, Where), boxes.Close(Plain, Where));
    }

    [Fact]
    public void Empty_secret_round_trips()
    {
        var boxes = new SecretBox(ClusterKey.Create());
        Assert.Empty(boxes.TryOpen(boxes.Close([], Where), Where, out _)!);
    }

    [Fact]
    public void Box_moved_elsewhere_does_not_open()
    {
        var boxes = new SecretBox(ClusterKey.Create());
        Assert.Null(boxes.TryOpen(boxes.Close(Plain, Where), Where + "2", out var problem));
        Assert.Contains("altered or belongs elsewhere", problem);
    }

    [Fact]
    public void Every_altered_byte_and_every_truncation_is_noticed()
    {
        var boxes = new SecretBox(ClusterKey.Create());
        var box = boxes.Close(Plain, Where);
        for (var i = 0; i < box.Length; i++)
        {
            var altered = box.ToArray();
            altered[i] ^= 0x40;
            Assert.Null(boxes.TryOpen(altered, Where, out var problem));
            Assert.NotNull(problem);
            Assert.Null(boxes.TryOpen(box.AsSpan(0, i), Where, out _));
        }
    }

    [Fact]
    public void Rotated_key_still_opens_what_the_earlier_one_closed()
    {
        ClusterKey earlier = ClusterKey.Create(), current = ClusterKey.Create();
        var box = new SecretBox(earlier).Close(Plain, Where);

        Assert.Null(new SecretBox(current).TryOpen(box, Where, out var problem));
        Assert.Contains(earlier.Id, problem);
        Assert.Equal(Plain, new SecretBox(current, earlier).TryOpen(box, Where, out _));
    }

    [Fact]
    public async Task Key_file_is_private_and_survives_damage_as_null()
    {
        using var directory = new TestDirectory();
        var key = ClusterKey.Create();
        await key.SaveAsync(directory.Paths.ClusterKey, CancellationToken.None);

        var loaded = await ClusterKey.TryLoadAsync(directory.Paths.ClusterKey, CancellationToken.None);

        Assert.Equal(key.Reveal(), loaded!.Reveal());
        Assert.Equal(FileModes.Private, File.GetUnixFileMode(directory.Paths.ClusterKey));
        Assert.DoesNotContain(Convert.ToHexStringLower(key.Reveal()), key.ToString());

        await File.WriteAllTextAsync(directory.Paths.ClusterKey, "noise");
        Assert.Null(await ClusterKey.TryLoadAsync(directory.Paths.ClusterKey, CancellationToken.None));
    }
}
