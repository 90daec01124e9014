// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Shared.Tests.Tidy;

public sealed class MethodLengthsTests
{
    [Fact]
    public void A_method_is_counted_and_its_type_and_its_blocks_are_not()
    {
        string[] lines =
        [
            "public sealed class A(",
            "    int b) : C",
            "{",
            "    public void D()",
            "    {",
            "        if (b > 0)",
            "        {",
            "            E();",
            "        }",
            "    }",
            "",
            "    private F G { get; } = new()",
            "    {",
            "        H = 1,",
            "    };",
            "}",
        ];
        Assert.Equal([(4, 6)], MethodLengths.Of(lines));
    }
}
