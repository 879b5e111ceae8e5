"""Parameters and multiply-adds of each network: published, counted by others, or summed layer by layer."""

# Name → parameters. The hand-written ones: counted by hand, or by other people's implementations.
PARAMETERS = {
    "lenet5_1998": 156 + 12 + 1516 + 32 + 48_120 + 10_164,  # table of the paper, layer by layer
    "lenet5": 61_706,
    "alexnet_2012": 60_965_224,  # Caffe's bvlc_reference_caffenet
    "alexnet": 61_100_840,
    "vgg11": 132_863_336,
    "vgg13": 133_047_848,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
    "googlenet_2014": 6_998_552,
    "googlenet": 6_624_904,
    "inception_v3": 23_834_568,
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "resnet101": 44_549_160,
    "resnet152": 60_192_808,
    "resnet50_v1": 25_557_032,
    "resnet101_v1": 44_549_160,
    "resnet152_v1": 60_192_808,
    "resnetv2_18": 11_687_720,
    "resnetv2_50": 25_549_352,
    "resnetv2_101": 44_541_480,
    "preact_resnet164_cifar": 1_703_258,  # osmr/imgclsmob, PreResNet-164(BN)
    "squeezenet1_0": 1_248_424,  # the paper, table 1
    "squeezenet1_1": 1_235_496,
    "densenet121": 7_978_856,
    "densenet169": 14_149_480,
    "densenet201": 20_013_928,
    "resnext50_32x4d": 25_028_904,
    "resnext101_32x4d": 44_177_704,
    "resnext101_32x8d": 88_791_336,
    "legacy_xception": 22_855_952,  # the paper, table 3
    "dpn68": 12_611_602,
    "dpn92": 37_668_392,
    "dpn98": 61_570_728,
    "nasnet_a_mobile": 5_289_978,  # Keras: 5,326,716, of which 36,738 are running statistics
    "nasnetalarge": 88_753_150,
    "legacy_seresnet50": 28_088_024,
    "legacy_seresnext50_32x4d": 27_559_896,
    "legacy_senet154": 115_088_984,
    "mobilenetv1_100": 4_231_976,
    "mobilenet_v2": 3_504_872,
    "mobilenet_v3_small": 2_542_856,
    "mobilenet_v3_large": 5_483_032,
    "shufflenet_v1_g1": 1_531_936,
    "shufflenet_v1_g2": 1_733_848,
    "shufflenet_v1_g3": 1_865_728,  # mmpretrain: 1.87 million
    "shufflenet_v1_g4": 1_968_344,
    "shufflenet_v1_g8": 2_434_768,
    "shufflenet_v2_x0_5": 1_366_792,
    "shufflenet_v2_x1_0": 2_278_604,
    "shufflenet_v2_x1_5": 3_503_624,
    "shufflenet_v2_x2_0": 7_393_996,
    "efficientnet_b0": 5_288_548,
    "efficientnet_b1": 7_794_184,
    "efficientnet_b2": 9_109_994,
    "efficientnet_b3": 12_233_232,
    "efficientnet_b4": 19_341_616,
    "efficientnet_b5": 30_389_784,
    "efficientnet_b6": 43_040_704,
    "efficientnet_b7": 66_347_960,
    "fasterrcnn_vgg16": 14_714_688 + 2_359_808 + 9_234 + 18_468 + 102_764_544 + 16_781_312 + 86_037 + 344_148,
    "rfcn_resnet101": 42_500_160 + (1024 * 9 + 1) * 512 + 513 * 54 + 2049 * 1024 + 1025 * 49 * (21 + 4),
    "ssd300_vgg16": 35_641_826,
    # The whole detector less the head that looks at each box.
    "fasterrcnn_resnet50_fpn": 41_808_406 - (256 * 49 + 1) * 1024 - 1025 * 1024 - 1025 * 91 * 5,
    "ssdlite320_mobilenet_v3_large": 3_440_060,
    "unet": 31_030_658,
    "fcn_resnet50": 32_957_013,
    "deeplabv3_resnet50": 39_638_869,
    "lraspp_mobilenet_v3_large": 3_221_538,
    # The residual nets without their three projections.
    "plain18": 11_689_512 - (64 * 128 + 2 * 128) - (128 * 256 + 2 * 256) - (256 * 512 + 2 * 512),
    "plain34": 21_797_672 - (64 * 128 + 2 * 128) - (128 * 256 + 2 * 256) - (256 * 512 + 2 * 512),
    # No normalisation in stem and projections, one at the end, and each before its convolution.
    "resnetv2_34": 21_797_672 - 128 - 2 * (128 + 256 + 512) + 1024 - 2 * (64 + 128 + 256),
    "resnetv2_152": 60_192_808 - (25_557_032 - 25_549_352),  # as with 50 layers
    # Layer by layer: weights of a convolution, two numbers a channel of each normalisation, the classifier.
    "shapes_plain": (24 * 147 + 48)
    + (24 * 32 * 9 + 64)
    + (32 * 32 * 9 + 64)
    + (32 * 64 * 9 + 128)
    + (64 * 64 * 9 + 128)
    + (64 * 128 * 9 + 256)
    + (128 * 128 * 9 + 256)
    + 129 * 21,
    "shapes_residual": (24 * 75 + 48)
    + (24 * 48 * 9 + 48 * 48 * 9 + 2 * 96 + 24 * 48)
    + 2 * (48 * 48 * 9 + 96)
    + (48 * 96 * 9 + 96 * 96 * 9 + 2 * 192 + 48 * 96)
    + 2 * (96 * 96 * 9 + 192)
    + 97 * 21,
    "digits_lenet": 61_706,
}

# Multiply-adds of convolutions and dense layers, at the input of the table.
MACS = {
    "lenet5_1998": 28 * 28 * 150 + 10 * 10 * 1500 + 48_000 + 10_080,
    "lenet5": 416_520,
    "alexnet_2012": 724_406_816,
    "googlenet_2014": 1_582_671_872,
    "resnet50_v1": 3_857_973_248,
    "resnet101_v1": 7_570_194_432,
    "resnet152_v1": 11_282_415_616,
    "shufflenet_v1_g1": 143_078_976,
    "shufflenet_v1_g2": 140_836_512,
    "shufflenet_v1_g3": 137_460_672,
    "shufflenet_v1_g4": 134_339_776,
    "shufflenet_v1_g8": 138_365_952,
    "ssd300_vgg16": 34_858_153_472,
}
