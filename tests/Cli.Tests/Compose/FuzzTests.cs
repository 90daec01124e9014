// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace ClusterManager.Cli.Tests.Compose;

/// <summary>Whatever the bytes are, the reader answers: with services or with errors, never with an exception.</summary>
public sealed class FuzzTests
{
    private const string Pieces =
        "services:\n  a:\n    image: i\n ports: [{}] - & * << | > ' \" # ${X:-} !!str "
        + "? --- ... \t x-cluster: deploy: null ~ 80:80 ,:\r\n%\u0085\uFEFF";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_bytes_never_crash_the_reader(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 400; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (i % 2 == 0) for (var j = 0; j < bytes.Length; j++) bytes[j] = (byte)(bytes[j] % 96 + 32);
            Check(bytes);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void Random_mutations_of_a_good_file_never_crash_the_reader(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            var text = new StringBuilder(MutationTests.Everything);
            for (var n = random.Next(1, 8); n > 0; n--) Mutate(text, random);
            Check(Encoding.UTF8.GetBytes(text.ToString()));
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Random_texts_of_YAML_pieces_never_crash_the_reader(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(1, 30); n > 0; n--)
            {
                var from = random.Next(Pieces.Length);
                text.Append(Pieces, from, Math.Min(random.Next(1, 12), Pieces.Length - from));
            }

            Check(Encoding.UTF8.GetBytes(text.ToString()));
        }
    }

    private static void Mutate(StringBuilder text, Random random)
    {
        var at = random.Next(text.Length);
        switch (random.Next(4))
        {
            case 0: text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)); break;
            case 1: text.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
            case 2: text[at] = (char)random.Next(1, 0x300); break;
            default:
                var from = random.Next(text.Length);
                text.Insert(at, text.ToString(from, Math.Min(random.Next(1, 40), text.Length - from)));
                break;
        }
    }

    private static void Check(byte[] bytes)
    {
        var result = ComposeText.ReadBytes(bytes);
        Assert.True(result.Errors.IsEmpty || result.Services.IsEmpty, "services beside errors");
        Assert.True(!result.Errors.IsEmpty || result.Services.Length > 0, "neither services nor errors: " + Encoding.UTF8.GetString(bytes));
    }
}
